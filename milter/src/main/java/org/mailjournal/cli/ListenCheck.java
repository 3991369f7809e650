package org.mailjournal.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.config.Config.Listen;
import org.mailjournal.config.Key;
import org.mailjournal.config.ListenNotation;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;

/** Whether the daemon listens where the configuration says, and to whom it is open. */
final class ListenCheck implements Check {
  /** Where the MTA comes to us, how it speaks there, and what it cannot do without an answer. */
  private record Place(Key key, Probe.Language language, String otherwise) {}

  private static final Place MILTER =
      new Place(Key.MILTER_LISTEN, Probe.Language.MILTER, "no mail gets in");
  private static final Place RELAY =
      new Place(Key.EGRESS_LISTEN, Probe.Language.SMTP, "no mail goes out");

  private final Services services;

  ListenCheck(Services services) {
    this.services = services;
  }

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    Config config = subject.config();
    boolean isDown = isDown(config);
    look(MILTER, config.milter().listen(), isDown, findings);
    config.egress().ifPresent(egress -> look(RELAY, egress.listen(), isDown, findings));
    return findings;
  }

  private boolean isDown(Config config) {
    try (JournalReader reader = services.openReader(config)) {
      List<Coverage.Span> spans = reader.coverage().spans();
      return !spans.isEmpty() && spans.get(spans.size() - 1).until().isPresent();
    } catch (JournalException unreadable) {
      // Told of where the store is looked at.
      return false;
    }
  }

  private static void look(Place place, Listen listen, boolean isDown, List<Finding> findings) {
    String setting = place.key().path() + " = " + listen;
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
    answer(place, setting, Probe.trouble(listen, place.language()), isDown)
        .ifPresent(findings::add);
    if (listen instanceof Listen.Unix unix
        && Files.exists(unix.path())
        && Sockets.isOpenToAll(unix.path())) {
      findings.add(
          Finding.configuration(
              setting + ": every user of this machine may write to it",
              "chmod o= " + unix.path() + ", or keep others out of its directory"));
    }
  }

  private static Optional<Finding> answer(
      Place place, String setting, Optional<Probe.Trouble> trouble, boolean isDown) {
    boolean isAway = trouble.filter(t -> isDown ? !t.isConnected() : !t.isSilent()).isPresent();
    if (isAway) {
      return trouble.map(t -> Finding.away(setting, t.words(), ""));
    }
    if (isDown) {
      return Optional.of(
          Finding.configuration(
              setting + ": another program answers there, for the daemon does not run",
              "choose another place (8891 is often OpenDKIM's), tell the MTA, and start the daemon"));
    }
    return trouble.map(t -> Finding.silent(setting, t.words(), place.otherwise()));
  }
}
