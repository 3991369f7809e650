package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecordedEvent;

/** From a message in the journal to a receipt of it. */
final class Writing {
  private static final String CONTENT_LANGUAGE = "content-language:";
  private static final int MOST_LANGUAGES = 10;

  private final JournalReader journal;
  private final Composer composer;
  private final Evidence.Witness witness;
  private final Clock clock;

  Writing(JournalReader journal, Composer composer, Evidence.Witness witness, Clock clock) {
    this.journal = journal;
    this.composer = composer;
    this.witness = witness;
    this.clock = clock;
  }

  /**
   * The receipt.
   *
   * @param message at present, by its {@link Course}
   * @param all that is known of it, as evidence
   */
  byte[] write(Notice.Kind kind, MessageState message, History all, Address to, String receiptId) {
    List<RecordedEvent> events = Unseen.in(message.key(), all.events()).without(all.events());
    Optional<byte[]> header = journal.keptHeader(message.key()).map(Bytes::toArray);
    List<RecordedEvent> telling =
        Excerpt.of(message).events(events).stream().map(Writing::withoutInput).toList();
    int leftOut = all.leftOut() + events.size() - telling.size();
    String evidence = Evidence.json(message.key(), telling, leftOut, witness, clock.instant());
    return composer.compose(
        new Notice(
            kind,
            message,
            to,
            header,
            header.map(Writing::languages).orElse(List.of()),
            clock.instant(),
            receiptId,
            OriginalRecipients.in(events, message.key()),
            Optional.of(evidence.getBytes(StandardCharsets.UTF_8))));
  }

  /** What could not be read may name anybody; its hash is enough for the sender. */
  private static RecordedEvent withoutInput(RecordedEvent recorded) {
    return recorded.event() instanceof Event.Oddity odd
        ? new RecordedEvent(
            recorded.sequence(),
            new Event.Oddity(
                odd.at(),
                odd.source(),
                odd.message(),
                odd.stage(),
                odd.problem(),
                odd.sha256(),
                Bytes.head(new byte[0], 0)))
        : recorded;
  }

  /** RFC 3282 section 2: language tags with commas between them. */
  static List<String> languages(byte[] header) {
    List<String> tags = new ArrayList<>();
    String unfolded = new String(header, StandardCharsets.ISO_8859_1).replaceAll("\r?\n[ \t]", " ");
    for (String line : unfolded.split("\r?\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith(CONTENT_LANGUAGE)) {
        for (String tag : line.substring(CONTENT_LANGUAGE.length()).split(",", -1)) {
          if (!tag.isBlank() && tags.size() < MOST_LANGUAGES) {
            tags.add(tag.strip());
          }
        }
      }
    }
    return tags;
  }
}
