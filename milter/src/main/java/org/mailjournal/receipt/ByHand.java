package org.mailjournal.receipt;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;

/** A receipt that the administrator asks for, beside those that the daemon sends. */
public final class ByHand {
  private static final Duration STEP = Duration.ofSeconds(30);

  private final ReceiptSettings settings;
  private final JournalReader journal;
  private final Writing writing;

  public ByHand(ReceiptSettings settings, JournalReader journal, Clock clock) {
    this.settings = settings;
    this.journal = journal;
    this.writing = Workshop.writing(settings, Workshop.key(settings, clock), journal, clock);
  }

  /** What the submission server said. */
  public record Answer(boolean isTaken, String words) {}

  /**
   * The receipt of what is known now, a complete message.
   *
   * @throws SigningException when the key cannot be used
   */
  public byte[] write(MessageState message, Address to) {
    String id = "receipt." + message.key().id() + "." + UUID.randomUUID();
    Course course = Course.of(journal, message, new Networks(settings.internalRelays()));
    return writing.write(Notice.Kind.BY_HAND, course.state(), course.history(journal), to, id);
  }

  /** Why no receipt can be handed in, as far as the login; empty when one can. */
  public static Optional<String> problem(ReceiptSettings settings) {
    return Workshop.submission(settings, STEP).problem();
  }

  /** Hands a receipt to the submission server. */
  public Answer send(Address to, byte[] receipt) {
    Submission.Result result = Workshop.submission(settings, STEP).send(to, receipt);
    if (result instanceof Submission.Result.Taken taken) {
      return new Answer(true, taken.reply());
    } else if (result instanceof Submission.Result.Refused refused) {
      return new Answer(false, refused.reply());
    } else if (result instanceof Submission.Result.Failed failed) {
      return new Answer(false, failed.problem());
    }
    throw new IllegalStateException(result.toString());
  }
}
