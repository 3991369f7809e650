package org.mailjournal.relaytest;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sendmail and the relay in a network with a name server and many exchangers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendmailNetworkTest implements MxScenarios, TlsScenarios, NextHopScenarios {
  private MailNetwork network;
  private World world;

  @BeforeAll
  void start(@TempDir Path keys) {
    SendmailWorld.requireSendmail();
    network = MailNetwork.create();
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

  @AfterEach
  void theLogAgrees() {
    world.askOracle();
  }

  @AfterAll
  void close() {
    if (world != null) {
      world.close();
    }
    if (network != null) {
      network.close();
    }
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public MailNetwork network() {
    return network;
  }
}
