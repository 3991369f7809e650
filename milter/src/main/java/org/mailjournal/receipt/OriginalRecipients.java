package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecordedEvent;

/**
 * What the sender's own ORCPT said of recipients (RFC 3461 section 4.2): RFC 3464 section 2.3.1
 * wants it in a report, with its xtext decoded.
 */
final class OriginalRecipients {
  static final OriginalRecipients NONE = new OriginalRecipients(Map.of());

  private static final Pattern ORCPT = Pattern.compile("([A-Za-z0-9.-]{1,40});(.*)");
  private static final Pattern HEX = Pattern.compile("(?:\\+[0-9A-F]{2})+");

  private final Map<Address, String> given;

  private OriginalRecipients(Map<Address, String> given) {
    this.given = Map.copyOf(given);
  }

  /** Of a message, from its reception among these events. */
  static OriginalRecipients in(List<RecordedEvent> events, MessageKey message) {
    Map<Address, String> given = new HashMap<>();
    for (RecordedEvent recorded : events) {
      if (recorded.event() instanceof Event.Received received
          && received.message().equals(message)) {
        received
            .accepted()
            .forEach(a -> a.orcpt().ifPresent(orcpt -> given.put(a.address(), orcpt)));
      }
    }
    return given.isEmpty() ? NONE : new OriginalRecipients(given);
  }

  /** An address and its type. */
  record Typed(String type, String address) {}

  /** What the sender called this recipient, or the one that an alias put it in the place of. */
  Optional<Typed> of(Recipient recipient) {
    return Optional.ofNullable(given.get(recipient.original().orElse(recipient.address())))
        .map(ORCPT::matcher)
        .filter(Matcher::matches)
        .map(parts -> new Typed(parts.group(1), decoded(parts.group(2))));
  }

  /** RFC 3461 section 4: {@code +} and two hexadecimal digits stand for an octet. */
  private static String decoded(String xtext) {
    return HEX.matcher(xtext)
        .replaceAll(
            run -> {
              String digits = run.group().replace("+", "");
              byte[] octets = HexFormat.of().parseHex(digits);
              return Matcher.quoteReplacement(new String(octets, StandardCharsets.UTF_8));
            });
  }
}
