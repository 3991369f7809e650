package org.mailjournal.receipt;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
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
  private static final Pattern CHARACTER = Pattern.compile("\\\\x\\{([0-9A-Fa-f]{2,6})\\}");
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
    return Optional.ofNullable(given.get(recipient.accepted()))
        .map(ORCPT::matcher)
        .filter(Matcher::matches)
        .map(parts -> new Typed(parts.group(1), parts.group(2)))
        .flatMap(OriginalRecipients::decoded);
  }

  /** Only an address of type utf-8 may have more than ASCII (RFC 6533 section 3). */
  private static Optional<Typed> decoded(Typed given) {
    String address = octets(given.address());
    boolean international = given.type().equalsIgnoreCase("utf-8");
    String shown = international ? characters(address) : address;
    return !shown.isBlank() && (international || Fields.isAscii(shown))
        ? Optional.of(new Typed(given.type(), shown))
        : Optional.empty();
  }

  /** RFC 3461 section 4: {@code +} and two hexadecimal digits stand for an octet. */
  private static String octets(String xtext) {
    return HEX.matcher(xtext)
        .replaceAll(
            run -> {
              byte[] octets = HexFormat.of().parseHex(run.group().replace("+", ""));
              return Matcher.quoteReplacement(Bytes.text(octets));
            });
  }

  /** RFC 6533 section 3: where a client has ASCII alone, {@code \x{FC}} stands for a character. */
  private static String characters(String address) {
    return CHARACTER
        .matcher(address)
        .replaceAll(
            one -> {
              int point = Integer.parseInt(one.group(1), 16);
              boolean isOne = Character.isDefined(point);
              return Matcher.quoteReplacement(isOne ? Character.toString(point) : one.group());
            });
  }
}
