package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.Address;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.Mta.LogLine;

/** When a line of Postfix's log and an event of the journal say the same. */
final class Likeness {
  /** {@code mx.example.org[192.0.2.1]:25}, or {@code mailbox.example.org[/run/lmtp]}. */
  private static final Pattern RELAY = Pattern.compile("(.+?)\\[([^\\]]+)\\](?::([0-9]+))?");

  /** Postfix's msg_logger.c cuts its records at 2,000 characters, headers of the line included. */
  private static final int CUT_BEHIND = 1500;

  /** What Postfix logs of an expired message as a whole; the journal says it of each recipient. */
  private static final Pattern EXPIRED =
      Pattern.compile(" \\(expired(?:, returned to sender)?\\)$");

  private Likeness() {}

  static boolean isSame(LogLine line, News news) {
    return isOfRecipient(line, news)
        && isSameKind(line, news)
        && isSameStatus(line, news)
        && isSameText(line, news)
        && isSameRemote(line, news);
  }

  static boolean isOfRecipient(LogLine line, News news) {
    return news.recipient().isPresent()
        && isOfRecipient(line, news.recipient().get(), news.original());
  }

  static boolean isOfRecipient(LogLine line, Fate fate) {
    return isOfRecipient(line, fate.address(), fate.original());
  }

  static boolean isOfRecipient(LogLine line, String address, Optional<String> original) {
    // Postfix logs no orig_to that differs in case only; the journal keeps none either.
    return isSameAddress(line.to(), address)
        && isSameAddress(
            line.originalTo(), original.filter(o -> !o.equalsIgnoreCase(address)).orElse(""));
  }

  static boolean isSameAddress(String logged, String other) {
    return new Address(logged).equals(new Address(other)) || logged.equals(printed(other));
  }

  /** As Postfix logs it without {@code smtputf8_enable}: every byte beyond ASCII is a "?". */
  static String printed(String address) {
    return new String(address.getBytes(StandardCharsets.UTF_8), StandardCharsets.US_ASCII)
        .replace('\uFFFD', '?');
  }

  private static boolean isSameKind(LogLine line, News news) {
    return switch (line.status()) {
      case "sent" -> Set.of("relayed", "delivered", "expanded").contains(news.kind());
      case "deferred" -> news.kind().equals("delayed");
      case "bounced" -> news.kind().equals("failed");
      default -> false;
    };
  }

  static boolean isSameStatus(LogLine line, News news) {
    return news.dsn().filter(line.dsn()::equals).isPresent();
  }

  /**
   * The next hop's reply where it took the message, else Postfix's own words. A reply that the
   * journal found inside those words must stand in them.
   */
  static boolean isSameText(LogLine line, News news) {
    String reply = wasNotWritten(news) ? "" : oneLine(news.reply().orElse(""));
    String reason = reason(line, news);
    return switch (news.kind()) {
      case "relayed" -> isLogged(reply, line);
      // local(8) logs where an alias's mail went, and traces that it was one.
      case "expanded" -> line.text().startsWith("forwarded as ");
      default ->
          line.text().contains(reply)
              && (isLogged(reason, line)
                  || reason.equals("delivery via " + line.relay() + ": " + line.text()));
    };
  }

  /**
   * A 250 that smtp(8) could not have traced: it logs that, and keeps the 250 in its record only.
   */
  private static boolean wasNotWritten(News news) {
    return news.kind().equals("delayed") && news.reply().filter(r -> r.startsWith("2")).isPresent();
  }

  private static String reason(LogLine line, News news) {
    String reason = oneLine(news.reason().orElse(""));
    return line.status().equals("deferred") ? EXPIRED.matcher(reason).replaceFirst("") : reason;
  }

  private static boolean isLogged(String text, LogLine line) {
    return text.equals(line.text())
        || (line.text().length() > CUT_BEHIND && text.startsWith(line.text()));
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }

  private static boolean isSameRemote(LogLine line, News news) {
    Matcher relay = RELAY.matcher(line.relay());
    if (!relay.matches()) {
      return !news.kind().equals("relayed") && isNamedInText(line, news);
    }
    String host = bracketed(relay.group(2));
    String whole = relay.group(3) == null ? host : host + ":" + relay.group(3);
    String told = news.remoteAddress().orElse("");
    // "host H[A] said:" in a bounce or deferral names no port; a success names it.
    boolean address =
        told.equals(whole)
            || (!news.kind().equals("relayed")
                && (told.equals(relay.group(2)) || told.equals(host)))
            || (wasNotWritten(news) && told.isEmpty());
    return address && news.remoteMta().filter(relay.group(1)::equals).isPresent();
  }

  /** Nothing is logged of a host that was not reached but in the text. */
  private static boolean isNamedInText(LogLine line, News news) {
    return news.remoteMta().filter(m -> !line.text().contains(m)).isEmpty();
  }

  private static String bracketed(String address) {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }
}
