package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.MessageId;

/** The header fields of the receipt itself. */
final class TopFields {
  /** RFC 6854: a group of nobody, for an address that no header field can carry. */
  private static final String NOBODY = "undisclosed-recipients:;";

  private static final Pattern DOT_ATOM =
      Pattern.compile("[-A-Za-z0-9!#$%&'*+/=?^_`{|}~\\x{a0}-\\x{10ffff}.]+");
  private static final Pattern DOMAIN =
      Pattern.compile("[-A-Za-z0-9_.\\x{a0}-\\x{10ffff}]+|\\[[-A-Za-z0-9:.]+\\]");
  private static final Pattern MESSAGE_ID = Pattern.compile("[!-;=?-~]{1,900}");

  private final Composer.Settings settings;
  private final String from;
  private final String host;

  TopFields(Composer.Settings settings) {
    this.settings = settings;
    from = from(settings);
    host = settings.reportingMta().replaceAll("[^-A-Za-z0-9.]", "-");
  }

  Fields of(Notice notice, OriginalHeader original, View view) {
    // Only an address that is not ASCII stands in UTF-8 (RFC 6532): nothing else could carry it.
    Fields fields = new Fields(false);
    fields.add("From", from);
    fields.add("To", path(notice.to()).orElse(NOBODY));
    fields.addText("Subject", subject(notice, view));
    fields.add("Date", Moments.field(notice.now(), settings.zone()));
    fields.add("Message-ID", "<" + idPart(notice.receiptId()) + "@" + host + ">");
    thread(fields, notice, original);
    fields.add("Auto-Submitted", "auto-replied");
    return fields;
  }

  private String subject(Notice notice, View view) {
    Texts texts = view.texts();
    if (view.subject().isPresent()) {
      return texts.say("subject", view.headline(), view.subject().get());
    }
    Moments moments = new Moments(texts, settings.zone(), notice.message().key().receivedAt());
    String at = moments.alone(notice.message().key().receivedAt());
    return texts.say("subject.untitled", view.headline(), at);
  }

  /** With these a mail program shows the receipt below the message that it speaks of. */
  private static void thread(Fields fields, Notice notice, OriginalHeader original) {
    Optional<String> id =
        notice
            .message()
            .messageId()
            .map(MessageId::text)
            .filter(text -> MESSAGE_ID.matcher(text).matches())
            .map(text -> "<" + text + ">");
    if (id.isEmpty()) {
      return;
    }
    fields.add("In-Reply-To", id.get());
    Set<String> references = new LinkedHashSet<>(original.references());
    references.remove(id.get());
    references.add(id.get());
    fields.add("References", String.join(" ", references));
  }

  private static String from(Composer.Settings settings) {
    String path =
        path(settings.from())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "receipt: From: expected an address, got '" + settings.from() + "'"));
    String name = Shown.line(settings.name(), Shown.NAME);
    return name.isEmpty() ? path : phrase(name) + " " + path;
  }

  /** The library alone would take ISO 8859-1 for what that has. */
  private static String phrase(String name) {
    return Fields.isAscii(name)
        ? EncoderUtil.encodeAddressDisplayName(name)
        : EncoderUtil.encodeEncodedWord(
            name, EncoderUtil.Usage.WORD_ENTITY, 0, StandardCharsets.UTF_8, null);
  }

  /** {@code <local@domain>} as header fields have it; empty when they cannot. */
  private static Optional<String> path(Address address) {
    String text = address.text();
    int at = text.lastIndexOf('@');
    if (at <= 0 || !text.equals(Shown.line(text, Shown.ADDRESS))) {
      return Optional.empty();
    }
    String local = text.substring(0, at);
    String domain = text.substring(at + 1);
    if (!DOMAIN.matcher(domain).matches()) {
      return Optional.empty();
    }
    return Optional.of("<" + (isDotAtom(local) ? local : quoted(local)) + "@" + domain + ">");
  }

  private static boolean isDotAtom(String local) {
    return DOT_ATOM.matcher(local).matches()
        && !local.startsWith(".")
        && !local.endsWith(".")
        && !local.contains("..");
  }

  /** The quoted string that it is already, or is made. */
  private static String quoted(String local) {
    if (local.length() > 1 && local.startsWith("\"") && local.endsWith("\"")) {
      local = local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1");
    }
    return "\"" + local.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String idPart(String receiptId) {
    String atoms = receiptId.replaceAll("[^-A-Za-z0-9_.+=]", "_").replaceAll("\\.\\.+", ".");
    String part = atoms.replaceAll("^\\.|\\.$", "_");
    return part.length() > Shown.NAME ? part.substring(0, Shown.NAME) : part;
  }
}
