package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.mailjournal.journal.Bytes;
import org.mailjournal.relaytest.Mta.LogLine;

/** A Postfix's own log file, the oracle. */
public final class PostfixLog {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What log_adhoc.c of Postfix 3.4 to 3.12 writes of one recipient. msg_logger.c cuts it at 2,000
   * characters, so the last parenthesis can be missing.
   */
  private static final Pattern RECIPIENT =
      Pattern.compile(
          "\\]: (?<id>[0-9A-Za-z]+): to=<(?<to>.*?)>, (?:orig_to=<(?<orig>.*?)>, )?"
              + "relay=(?<relay>.*?), (?:conn_use=\\d+, )?delay=[^,]*, delays=[^,]*, "
              + "dsn=(?<dsn>[0-9.]*), status=(?<status>\\S+) \\((?<text>.*?)\\)?$",
          Pattern.DOTALL);

  private final Path file;

  PostfixLog(Path file) {
    this.file = file;
  }

  /** All lines so far, whole. A line that Postfix is still writing is left out. */
  public List<String> lines() {
    byte[] content;
    try {
      content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        lines.add(Bytes.text(content, start, i - start));
        start = i + 1;
      }
    }
    return lines;
  }

  /** One recipient's fate, if the line tells one. */
  static Optional<LogLine> parse(String line) {
    Matcher found = RECIPIENT.matcher(line);
    if (!found.find()) {
      return Optional.empty();
    }
    String original = found.group("orig");
    return Optional.of(
        new LogLine(
            found.group("id"),
            found.group("to"),
            original == null ? "" : original,
            found.group("relay"),
            found.group("dsn"),
            found.group("status"),
            found.group("text")));
  }

  /** The recipients' lines of all messages, in order. */
  public List<LogLine> recipients() {
    return lines().stream().flatMap(line -> parse(line).stream()).toList();
  }

  /** The recipients' lines of one message, in order. */
  public List<LogLine> recipients(String queueId) {
    return recipients().stream().filter(line -> line.queueId().equals(queueId)).toList();
  }

  /** The first recipient's line that is as wanted; waits for it. */
  public LogLine awaitRecipient(Predicate<LogLine> wanted) {
    return awaitFirst(() -> recipients().stream().filter(wanted).findFirst());
  }

  /** The first line that is as wanted; waits for it. */
  public String awaitLine(Predicate<String> wanted) {
    return awaitFirst(() -> lines().stream().filter(wanted).findFirst());
  }

  private <T> T awaitFirst(Supplier<Optional<T>> search) {
    try {
      return Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(search::get, Optional::isPresent)
          .orElseThrow();
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("not logged; the log is:\n" + String.join("\n", lines()), e);
    }
  }
}
