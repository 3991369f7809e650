package org.mailjournal.relaytest;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Sendmail and the relay in a network with a name server and many exchangers. */
class SendmailNetworkTest extends OracleCase
    implements MxScenarios, TlsScenarios, NextHopScenarios {
  private MailNetwork network;

  @BeforeAll
  void start(@TempDir Path keys) {
    SendmailWorld.requireSendmail();
    network = beside(MailNetwork.create());
    Certificate trusted = Certificate.of(keys, TlsScenarios.certifiedNames());
    TlsScenarios.open(network, trusted, Certificate.of(keys, "unknown.test"));
    world =
        SendmailWorld.start(
            "sendmail-network",
            SendmailWorld.Extra.network(network, TlsScenarios.ROUTES.toArray(String[]::new))
                .daemon("egress.trust = \"" + trusted.pem() + "\"")
                .daemon(NextHopScenarios.CONFIGURATION)
                .sendmail(setup -> setup.line("define(`confTO_DATAINIT', `5s')dnl")));
  }

  @Override
  public MailNetwork network() {
    return network;
  }
}
