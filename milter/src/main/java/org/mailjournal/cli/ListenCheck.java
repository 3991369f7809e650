package org.mailjournal.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.mailjournal.config.Config;
import org.mailjournal.config.Config.Listen;
import org.mailjournal.config.Key;
import org.mailjournal.config.ListenNotation;

/** Whether the daemon listens where the configuration says, and to whom it is open. */
final class ListenCheck implements Check {
  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    Config config = subject.config();
    look(Key.MILTER_LISTEN, config.milter().listen(), findings);
    config.egress().ifPresent(egress -> look(Key.EGRESS_LISTEN, egress.listen(), findings));
    return findings;
  }

  private static void look(Key key, Listen listen, List<Finding> findings) {
    String setting = key.path() + " = " + listen;
    if (!ListenNotation.isLoopback(listen)) {
      findings.add(
          Finding.warning(
              setting
                  + ": other machines can come to it, and what they say is recorded as the MTA's",
              "listen on a loopback address or a unix socket, or let a packet filter admit the MTA"
                  + " only"));
    }
    if (listen instanceof Listen.Inet inet && inet.port() == 0) {
      findings.add(
          Finding.warning(
              setting + ": any free port is taken, so no MTA can be told where",
              "name a port, inet:8891@" + inet.host()));
      return;
    }
    Sockets.refusal(listen)
        .ifPresent(
            why ->
                findings.add(
                    Finding.journal(
                        setting + ": nobody answers there (" + why + ")",
                        "start the daemon: systemctl start mail-journal, or journal run")));
    if (listen instanceof Listen.Unix unix
        && Files.exists(unix.path())
        && Sockets.isOpenToAll(unix.path())) {
      findings.add(
          Finding.configuration(
              setting + ": every user of this machine may write to it",
              "chmod o= " + unix.path() + ", or keep others out of its directory"));
    }
  }
}
