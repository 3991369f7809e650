package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
import org.mailjournal.relaytest.Mta.LogLine;

/**
 * A sendmail's own log. It wants a syslog, which a small machine has not; the debugging level 89.8
 * writes the same lines to a file instead (conf.c of 8.17).
 */
public final class SendmailLog {
  /** What logdelivery() in deliver.c writes. A {@code reply=} says again what stat has. */
  private static final Pattern DELIVERY =
      Pattern.compile(
          "^(?<id>[0-9A-Za-z]{14,20}): to=(?<to>.*?), (?:ctladdr=.*?, )?delay=[^,]*, "
              + "(?:xdelay=[^,]*, )?mailer=[^,]*, pri=[^,]*, (?:relay=(?<relay>.*?), )?"
              + "dsn=(?<dsn>[0-9.]*), (?:reply=.*?, )?stat=(?<stat>.*)$");

  /** What sendall() in deliver.c writes of an alias that has an owner. */
  private static final Pattern CLONE =
      Pattern.compile("^(?<id>[0-9A-Za-z]{14,20}): (?<clone>[0-9A-Za-z]{14,20}): clone: owner=.*$");

  private static final Pattern SENT =
      Pattern.compile("Sent(?: \\((?<text>.*)\\))?", Pattern.DOTALL);
  private static final String DEFERRED = "Deferred";

  private final Path file;

  SendmailLog(Path file) {
    this.file = file;
  }

  /** All lines so far, whole. */
  public List<String> lines() {
    try {
      String text = Files.exists(file) ? Bytes.text(Files.readAllBytes(file)) : "";
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The recipients' lines of one message, its clones included, in order. */
  public List<LogLine> recipients(String queueId) {
    List<String> lines = lines();
    Set<String> ids = new HashSet<>(Set.of(queueId));
    for (String line : lines) {
      Matcher clone = CLONE.matcher(line);
      if (clone.matches() && ids.contains(clone.group("id"))) {
        ids.add(clone.group("clone"));
      }
    }
    return lines.stream()
        .flatMap(line -> parse(line).stream())
        .filter(line -> ids.contains(line.queueId()))
        .toList();
  }

  /** The fates that a line tells: one line can name several recipients. */
  static List<LogLine> parse(String line) {
    Matcher found = DELIVERY.matcher(line);
    if (!found.matches()) {
      return List.of();
    }
    String stat = found.group("stat");
    Matcher sent = SENT.matcher(stat);
    String status = "bounced";
    String text = stat;
    if (sent.matches()) {
      status = "sent";
      text = sent.group("text") == null ? "" : sent.group("text");
    } else if (stat.startsWith(DEFERRED)) {
      status = "deferred";
      text = stat.substring(DEFERRED.length()).replaceFirst("^: ", "");
    } else if (stat.equals("queued")) {
      return List.of();
    }
    List<LogLine> fates = new ArrayList<>();
    String named = found.group("to").replaceFirst(", \\[more\\]$", "");
    for (String to : named.split(",", -1)) {
      fates.add(
          new LogLine(
              found.group("id"),
              // It is logged as it came in, with a route that goes nowhere.
              Address.ofPath(to).text(),
              "",
              found.group("relay") == null ? "" : found.group("relay"),
              found.group("dsn"),
              status,
              text));
    }
    return fates;
  }
}
