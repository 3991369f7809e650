package org.mailjournal.relaytest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.Mta.LogLine;

/**
 * Holds what sendmail logged of a message against what the journal says of it. Its log names our
 * relay where the story wants the next hop, and no words of its own mailers: the next hop's words,
 * and the status, are in both.
 */
public final class SendmailOracle {
  /** deliver.c and srvrsmtp.c shorten replies so, {@code ...} in their middle. */
  private static final String ELLIPSIS = "...";

  private SendmailOracle() {}

  /** Everything in which the journal differs from the log, in sentences; empty when they agree. */
  public static List<String> differences(List<LogLine> log, JournalEntry entry) {
    List<String> differences = new ArrayList<>();
    List<News> unexplained = new ArrayList<>(outcomes(entry));
    for (LogLine line : relayed(log)) {
      Optional<News> same = unexplained.stream().filter(news -> isSame(line, news)).findFirst();
      if (same.isPresent()) {
        unexplained.remove(same.get());
      } else {
        differences.add("missing: the log says " + line + ", the journal has " + unexplained);
      }
    }
    unexplained.forEach(news -> differences.add("invented: no line of the log says " + news));
    for (Fate fate : entry.recipients()) {
      if (Set.of("relayed", "delivered").contains(fate.status()) && !isSentLast(log, fate)) {
        differences.add("claimed: the log's last word is not Sent of " + fate);
      }
    }
    return differences;
  }

  /** An address that the sender gave in two casings has two lines, and is one recipient to us. */
  private static List<LogLine> relayed(List<LogLine> log) {
    Map<String, String> casing = new HashMap<>();
    List<LogLine> distinct = new ArrayList<>();
    for (LogLine line : log) {
      String to = casing.computeIfAbsent(line.to().toLowerCase(Locale.ROOT), any -> line.to());
      if (isRelayed(line) && to.equals(line.to())) {
        distinct.add(line);
      }
    }
    return distinct;
  }

  private static List<News> outcomes(JournalEntry entry) {
    return entry.events().stream()
        .filter(news -> news.source().equals("egress") && news.recipient().isPresent())
        .toList();
  }

  /** Whether it tells of a transaction that ran through the relay. */
  private static boolean isRelayed(LogLine line) {
    return line.relay().contains("127.0.0.1");
  }

  private static boolean isSentLast(List<LogLine> log, Fate fate) {
    return log.stream()
        .filter(line -> isOf(line, accepted(fate.original(), Optional.of(fate.address()))))
        .reduce((earlier, later) -> later)
        .filter(line -> line.status().equals("sent"))
        .isPresent();
  }

  /** It logs the address that it was given, also where it delivers to another one. */
  private static String accepted(Optional<String> original, Optional<String> address) {
    return original.or(() -> address).orElse("");
  }

  private static boolean isOf(LogLine line, String address) {
    return line.to().toLowerCase(Locale.ROOT).equals(address.toLowerCase(Locale.ROOT));
  }

  private static boolean isSame(LogLine line, News news) {
    String status =
        switch (line.status()) {
          case "sent" -> isMailbox(line) && news.original().isEmpty() ? "delivered" : "relayed";
          case "deferred" -> "delayed";
          default -> "failed";
        };
    if (!isOf(line, accepted(news.original(), news.recipient())) || !news.kind().equals(status)) {
      return false;
    }
    // By LMTP it logs no words of success, and with it a status that is another recipient's.
    boolean isBare = status.equals("delivered");
    return isBare
        || (isSameStatus(line, news)
            && (!status.equals("relayed") || isSameText(line.text(), news.reply().orElse(""))));
  }

  /** Of this machine's own, which runs through the relay where it is reached by LMTP. */
  private static boolean isMailbox(LogLine line) {
    return line.to().endsWith("@" + SendmailSetup.LOCAL_DOMAIN);
  }

  /**
   * Of a deferral sendmail logs the status of whatever was said last, as behind a 421 that of DATA,
   * and in front of a 554 to the content the 450 to the recipient with the status of the former.
   */
  private static boolean isSameStatus(LogLine line, News news) {
    return news.dsn().filter(line.dsn()::equals).isPresent()
        || (line.status().equals("deferred")
            && news.reply().filter(line.text()::equals).isPresent());
  }

  /** Sendmail logs a reply without its code and status, and of several lines the first. */
  private static boolean isSameText(String logged, String reply) {
    String first = reply.lines().findFirst().orElse("").replaceFirst("^[0-9]{3}[ -]", "");
    String words = first.replaceFirst("^[245]\\.[0-9]{1,3}\\.[0-9]{1,3} ", "");
    int cut = logged.indexOf(ELLIPSIS);
    if (cut >= 0) {
      return words.startsWith(logged.substring(0, cut));
    }
    return printable(words).equals(printable(logged));
  }

  /** str2prt() of libsm writes what is not ASCII as octal. */
  private static String printable(String text) {
    return text.replaceAll("\\\\[0-7]{3}|[^ -~]", "");
  }
}
