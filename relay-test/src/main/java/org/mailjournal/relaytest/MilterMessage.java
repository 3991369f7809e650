package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One whole message for a milter, ready to be shown any number of times.
 *
 * @param recipients paths with their parameters, {@code <a@b> NOTIFY=NEVER}
 * @param content header section and body with CRLF
 */
public record MilterMessage(
    String queueId, String sender, List<String> recipients, MessageContent content) {
  public MilterMessage {
    recipients = List.copyOf(recipients);
  }

  /**
   * How it went.
   *
   * @param nanos from MAIL to the last word
   * @param endNanos from the end of the message to the last word
   */
  public record Result(Verdict verdict, long nanos, long endNanos) {}

  /** A message of plain text. */
  public static MilterMessage of(String queueId, String sender, String content, String... to) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new MilterMessage(queueId, sender, List.of(to), MessageContent.of(bytes));
  }

  /** Shows it, up to the first refusal. */
  public Result run(MilterClient milter) throws IOException {
    long start = System.nanoTime();
    boolean early = milter.habit() == Habit.SENDMAIL;
    if (early) {
      milter.define("i", queueId);
    }
    Verdict verdict = milter.mail(sender);
    for (String recipient : recipients) {
      if (verdict.refuses()) {
        break;
      }
      String[] words = recipient.split(" ", -1);
      verdict = milter.rcpt(words[0], Arrays.copyOfRange(words, 1, words.length));
      milter.define("i", queueId);
    }
    if (!verdict.refuses()) {
      verdict = milter.data();
    }
    if (!verdict.refuses()) {
      verdict = content.show(milter);
    }
    if (verdict.refuses()) {
      milter.abort();
      return new Result(verdict, System.nanoTime() - start, 0);
    }
    long end = System.nanoTime();
    verdict = milter.endOfMessage();
    long now = System.nanoTime();
    return new Result(verdict, now - start, now - end);
  }
}
