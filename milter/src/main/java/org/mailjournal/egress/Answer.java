package org.mailjournal.egress;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Status;

/**
 * A reply that our client gets: the next hop's, byte for byte, or one of our own, which always says
 * so with the words {@code mail-journal:}.
 *
 * @param raw with its line ends, as it goes over the wire
 * @param text its lines, kept apart by LF
 * @param ours whether the next hop never said it
 */
record Answer(int code, Bytes raw, String text, boolean ours) {
  private static final int LONGEST_WORDS = 400;

  /** Of a reply, in characters. No line is longer, so there is a line end to cut at. */
  private static final int RECORDED = 4096;

  private static final String CUT = " [cut off]";

  /** The next hop's. */
  static Answer theirs(int code, byte[] raw) {
    String text = Bytes.text(raw).replace("\r\n", "\n").stripTrailing();
    return new Answer(code, Bytes.head(raw, raw.length), text, false);
  }

  /**
   * The next hop's of an earlier time, as the journal has it. Of one that was cut the end is gone,
   * and without it no client knows that it has ended, and in UTF-8 a line may have become too long:
   * the code and the status say enough.
   */
  static Answer recorded(String text) {
    byte[] raw = (text.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8);
    Answer answer = theirs(Integer.parseInt(text.substring(0, 3)), raw);
    return text.endsWith(CUT) || text.lines().anyMatch(Answer::isTooLong)
        ? ours(
            answer.code(),
            answer.dsn().map(EnhancedStatus::toString).orElse(""),
            "the next hop said so before, in more words than are kept")
        : answer;
  }

  private static boolean isTooLong(String line) {
    return line.getBytes(StandardCharsets.UTF_8).length > ReplyReader.LONGEST_LINE;
  }

  /**
   * Its lines as they are recorded, once for each recipient and attempt: a next hop must not fill
   * the journal with them.
   */
  String forTheRecord() {
    return text.length() <= RECORDED
        ? text
        : text.substring(0, text.lastIndexOf('\n', RECORDED)) + CUT;
  }

  /** Our own; what cannot stand in a reply is replaced. */
  static Answer ours(int code, String dsn, String words) {
    StringBuilder safe = new StringBuilder();
    words
        .chars()
        .limit(LONGEST_WORDS)
        .forEach(c -> safe.append(c < ' ' || c > '~' ? '?' : (char) c));
    String text = code + " " + dsn + " mail-journal: " + safe;
    byte[] raw = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    return new Answer(code, Bytes.head(raw, raw.length), text, true);
  }

  /** The journal cannot be used. */
  static Answer journalDown() {
    return ours(451, "4.3.0", "the journal cannot be used now");
  }

  boolean isPositive() {
    return code / 100 == 2;
  }

  boolean isFailure() {
    return code / 100 == 4 || code / 100 == 5;
  }

  boolean isTemporary() {
    return code / 100 == 4;
  }

  /** What it makes of a recipient. */
  Status status(boolean mailbox) {
    return switch (code / 100) {
      case 2 -> mailbox ? Status.DELIVERED : Status.RELAYED;
      case 5 -> Status.FAILED;
      default -> Status.DELAYED;
    };
  }

  /**
   * Its enhanced status. Where it has none, what sendmail's {@code smtptodsn()} makes of the code:
   * that is what stands in sendmail's own log and reports.
   */
  Optional<EnhancedStatus> dsn() {
    Optional<EnhancedStatus> own =
        EnhancedStatus.ofReply(text).filter(s -> s.category() == code / 100);
    return own.isPresent() ? own : EnhancedStatus.of(implied());
  }

  private String implied() {
    return switch (code) {
      case 450 -> "4.2.0";
      case 451 -> "4.3.0";
      case 452 -> "4.3.1";
      case 500 -> "5.5.2";
      case 501, 504 -> "5.5.4";
      case 502, 503 -> "5.5.1";
      case 550 -> "5.2.0";
      case 551 -> "5.1.6";
      case 552 -> "5.2.2";
      case 553 -> "5.1.0";
      default -> code / 100 + ".0.0";
    };
  }
}
