package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Whatever strangers write: the receipt's structure is ours, and what it shows is harmless. */
final class HostileReceiptTest {
  private static final Set<String> OUR_FIELDS =
      Set.of(
          "From",
          "To",
          "Subject",
          "Date",
          "Message-ID",
          "In-Reply-To",
          "References",
          "Auto-Submitted",
          "MIME-Version",
          "Content-Type");

  private static final Set<String> STATUS_FIELDS =
      Set.of(
          "Reporting-MTA",
          "Received-From-MTA",
          "Arrival-Date",
          "Original-Recipient",
          "Final-Recipient",
          "Action",
          "Status",
          "Remote-MTA",
          "Diagnostic-Code",
          "Last-Attempt-Date",
          "Final-Log-ID");

  private static final Set<String> ELEMENTS =
      Set.of(
          "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "p",
          "section", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "br", "bdi",
          "ul", "li", "footer");

  private static final Pattern ELEMENT = Pattern.compile("<([a-z0-9]+)");
  private static final Pattern TREACHEROUS =
      Pattern.compile(
          "[\\x00-\\x09\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028\\u2029\\p{Cs}"
              + "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]");

  private final Composer composer = Facts.composer("auto");

  @Property(seed = "20261124", tries = 60, edgeCases = EdgeCasesMode.NONE)
  void structureStaysOursAndNothingTreacherousIsShown(
      @ForAll("messages") MessageState message, @ForAll("texts") String header) {
    Notice notice = notice(message, header);
    byte[] bytes = composer.compose(notice);
    ReadReceipt receipt = new ReadReceipt(bytes);
    Wire.assertTravels(bytes);
    assertTrue(OUR_FIELDS.containsAll(receipt.fieldNames()), () -> receipt.fieldNames().toString());
    assertTrue(
        receipt
            .structure()
            .matches(
                "multipart/report\\(multipart/mixed\\(multipart/alternative\\(text/plain"
                    + " text/html\\) application/json\\)"
                    + " message/(global-)?delivery-status( text/rfc822-headers| message/global-headers)?\\)"),
        receipt::structure);
    assertHarmless(receipt.text().replace("\r\n", "\n"));
    assertHarmless(receipt.html().replace("\r\n", "\n"));
    assertHarmless(receipt.subject());
    assertOurElements(receipt.html(), message.recipients().size());
    assertOurGroups(receipt, message.recipients().size());
  }

  private static void assertHarmless(String shown) {
    assertFalse(TREACHEROUS.matcher(shown).find(), () -> shown);
    assertFalse(shown.contains("\r"), "a bare CR");
  }

  private static void assertOurElements(String html, int recipients) {
    ELEMENT
        .matcher(html)
        .results()
        .forEach(found -> assertTrue(ELEMENTS.contains(found.group(1)), found.group()));
    assertEquals(recipients, count(html, "<th scope=\"row\" role=\"rowheader\">"));
    assertEquals(1, count(html, "</body>"));
    assertEquals(1, count(html, "</style>"));
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  private static void assertOurGroups(ReadReceipt receipt, int recipients) {
    boolean global = receipt.structure().contains("global-delivery-status");
    String status =
        receipt.leaf(global ? "message/global-delivery-status" : "message/delivery-status");
    assertEquals(recipients + 1, status.split("\r\n\r\n", -1).length, status);
    for (String line : status.split("\r\n", -1)) {
      if (!line.isEmpty() && !line.startsWith(" ")) {
        String name = line.substring(0, line.indexOf(':'));
        assertTrue(STATUS_FIELDS.contains(name) || name.startsWith("X-Mail-Journal-"), line);
      }
    }
    assertEquals(recipients, count("\r\n" + status, "\r\nAction: "), status);
  }

  private static Notice notice(MessageState message, String header) {
    return new Notice(
        Notice.Kind.FINAL,
        message,
        message.sender(),
        Optional.of(
            ("Subject: " + header + "\r\nReferences: " + header).getBytes(StandardCharsets.UTF_8)),
        List.of(header, "en"),
        Facts.HANDED_IN.plusSeconds(6),
        header,
        OriginalRecipients.in(received(message, header), message.key()),
        Optional.of(new byte[] {'{', '}'}));
  }

  /** With the text as the sender's name for every recipient. */
  private static List<RecordedEvent> received(MessageState message, String text) {
    StringBuilder orcpt = new StringBuilder("utf-8;");
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      orcpt.append(String.format(Locale.ROOT, "+%02X", octet));
    }
    return Facts.received(message, orcpt.toString());
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "\r\n",
            "\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>",
            "\n\nAction: delivered\n",
            "\r",
            "\n",
            "\0",
            "\u202e",
            "\u2066",
            "\u2028",
            "\u0085",
            "\ufeff",
            "\ud800",
            "\udc00",
            "\ud83d\ude00",
            "é",
            "\u00a0",
            "مثال",
            "<img src=http://evil.example/x>",
            "</style></bdi><table>",
            "\" onload='x' &amp; &#0;",
            "=?utf-8?q?=0D=0ABcc:_eve=40example.com?=",
            "=?utf-8?b?4oCuAA==?=",
            "=?x-none?q?x?=",
            "--=_boundary",
            "\r\n--=_0000--\r\n",
            "\r\n.\r\n",
            "\r\nFrom eve",
            "a@b.example",
            "\"quoted\\\"@\"@example.com",
            "<a@b>",
            "  ",
            "\t",
            ";",
            "250 2.0.0 Ok",
            "{0}'{1",
            "%s\\u0041");
    Arbitrary<String> mixed = pieces.list().ofMaxSize(6).map(list -> String.join("", list));
    Arbitrary<String> wild = Arbitraries.strings().ofMaxLength(40);
    Arbitrary<String> huge = pieces.map(piece -> piece.repeat(10_000 / piece.length()));
    Arbitrary<String> word = Arbitraries.of("x", "é", "=").map(c -> c.repeat(10_000));
    return Arbitraries.frequencyOf(
        Tuple.of(8, mixed), Tuple.of(2, wild), Tuple.of(1, huge), Tuple.of(1, word));
  }

  @Provide
  Arbitrary<MessageState> messages() {
    Arbitrary<List<RecipientState>> recipients = recipients().list().ofMinSize(1).ofMaxSize(3);
    return Combinators.combine(texts(), texts(), texts(), texts(), recipients)
        .as(HostileReceiptTest::message);
  }

  private static MessageState message(
      String id, String sender, String client, String helo, List<RecipientState> recipients) {
    MessageState plain = Facts.of().message();
    String cut = id.length() > MessageId.LONGEST ? id.substring(0, MessageId.LONGEST) : id;
    return new MessageState(
        new MessageKey(helo, plain.key().queueId(), Facts.HANDED_IN),
        cut.isEmpty() ? Optional.empty() : Optional.of(new MessageId(cut)),
        new Address(sender),
        Optional.of(client),
        new Client(Optional.of(client), Optional.of(helo), Optional.of(helo), Optional.of(client)),
        Long.MAX_VALUE,
        Source.MILTER,
        List.of(),
        List.of(),
        Set.of(),
        recipients);
  }

  private Arbitrary<RecipientState> recipients() {
    return Combinators.combine(
            texts(),
            texts().optional(),
            texts().optional(),
            texts().optional(),
            Arbitraries.of(Status.class),
            texts().optional())
        .as(HostileReceiptTest::recipient);
  }

  private static RecipientState recipient(
      String address,
      Optional<String> original,
      Optional<String> reply,
      Optional<String> remote,
      Status status,
      Optional<String> reason) {
    return new RecipientState(
        new Recipient(new Address(address), original.map(Address::new)),
        Optional.of(Asked.NEVER),
        remote,
        status,
        Optional.empty(),
        new Remote(remote, reply, original),
        reply,
        reason,
        Integer.MAX_VALUE,
        Source.REPORT,
        Facts.HANDED_IN);
  }
}
