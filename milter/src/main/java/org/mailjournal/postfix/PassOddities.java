package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Source;

/** What of a pass is no message's fate, and stands in the journal as an oddity. */
final class PassOddities {
  static final String WITHHELD =
      "no report of success is sent, for whether its sender asked for one is not known";

  private static final String STAGE = "pass";

  private final Lookup lookup;
  private final Clock clock;

  PassOddities(Lookup lookup, Clock clock) {
    this.lookup = lookup;
    this.clock = clock;
  }

  /** Gives the records of a file to a sink; what is none is an oddity of the message. */
  void read(LogFile file, Subject subject, Batch batch, Consumer<LogRecord> sink)
      throws IOException {
    file.each(
        paragraph ->
            paragraph
                .record()
                .ifPresentOrElse(
                    sink,
                    () ->
                        batch.add(
                            Event.Oddity.of(
                                now(),
                                Source.PASS,
                                Optional.of(subject.state().key()),
                                STAGE,
                                paragraph.problem(),
                                paragraph.bytes().toArray()))));
  }

  Event.Oddity of(Lookup.Found found, Request request, String problem) {
    return Event.Oddity.of(
        now(),
        Source.PASS,
        found.subject().map(subject -> subject.state().key()),
        STAGE,
        problem,
        request.attributes().wire());
  }

  /**
   * What the file tells of a message that the journal does not know. Nothing where nothing stands
   * in it: qmgr asks for the trace after every pass, and what is about no message is always news.
   */
  Optional<Event.Oddity> unknown(Request request, Service service, LogFile file, String more)
      throws IOException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Optional<MessageState> relative = lookup.relative(request);
    Optional<MessageKey> key = relative.map(MessageState::key);
    String link =
        key.map(k -> "; its Message-ID and sender are those of " + k.queueId()).orElse("");
    LogFile.Fingerprint fingerprint = file.fingerprint();
    String problem =
        service.queue()
            + ": expected a message of the journal, got queue id "
            + request.queueId()
            + " with sender <"
            + request.sender()
            + ">"
            + link
            + more;
    return Optional.of(
        new Event.Oddity(
            now(), Source.PASS, key, STAGE, problem, fingerprint.sha256(), fingerprint.excerpt()));
  }

  /** Of a message whose report of success is not sent. */
  Event.Oddity withheld(Subject subject) {
    byte[] words = WITHHELD.getBytes(StandardCharsets.UTF_8);
    Optional<MessageKey> about = Optional.of(subject.state().key());
    return Event.Oddity.of(now(), Source.PASS, about, STAGE, WITHHELD, words);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
