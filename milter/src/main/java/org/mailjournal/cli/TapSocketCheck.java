package org.mailjournal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.config.Config.Listen;

/** The three sockets at which the queue manager asks for us. */
final class TapSocketCheck implements Check {
  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    Optional<Path> directory =
        subject
            .config()
            .postfix()
            .map(Config.Postfix::queueDirectory)
            .map(q -> q.resolve("private"));
    if (directory.filter(Files::isExecutable).isEmpty()) {
      return findings;
    }
    for (String name : PostfixServiceCheck.OURS.values()) {
      look(directory.get().resolve(name), subject, findings);
    }
    return findings;
  }

  private static void look(Path socket, Subject subject, List<Finding> findings) {
    Optional<Probe.Trouble> trouble = Probe.trouble(new Listen.Unix(socket), Probe.Language.TAP);
    if (trouble.isPresent()) {
      String words = trouble.get().words();
      findings.add(
          trouble.get().isSilent()
              ? Finding.silent(socket.toString(), words, "Postfix defers what it has delivered")
              : Finding.away(
                  socket.toString(), words, ", so Postfix defers what it has delivered"));
      return;
    }
    Optional<String> expected =
        subject.postfix().map(p -> p.value("mail_owner")).filter(o -> !o.isEmpty());
    Optional<String> owner = Sockets.owner(socket);
    if (expected.isPresent() && owner.isPresent() && !owner.equals(expected)) {
      findings.add(
          Finding.configuration(
              socket
                  + " belongs to "
                  + owner.get()
                  + ": qmgr runs as "
                  + expected.get()
                  + ", and the files that we read are open to "
                  + expected.get()
                  + " only",
              "run the daemon as " + expected.get() + " (User= in its systemd unit)"));
    }
    if (Sockets.isOpenToAll(socket)) {
      findings.add(
          Finding.configuration(
              socket + ": every user of this machine may write to it",
              "chmod o= " + socket + "; postfix set-permissions mends its directory"));
    }
  }
}
