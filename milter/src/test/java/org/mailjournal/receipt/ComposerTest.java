package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Status;

/** The message as a whole: its own fields and its structure. */
final class ComposerTest {
  private static final String BOB = "bob@example.com";

  @Test
  void theReceiptIsAReportOfThreeParts() {
    ReadReceipt receipt = ReadReceipt.of(Facts.of(Facts.relayed(BOB)));
    assertEquals(
        "multipart/report(multipart/mixed(multipart/alternative(text/plain text/html)"
            + " application/json) message/delivery-status text/rfc822-headers)",
        receipt.structure());
    assertEquals("{\"events\":[]}\n", receipt.leaf("application/json"));
    assertTrue(receipt.field("Content-Type").contains("report-type=delivery-status"));
  }

  @Test
  void itThreadsBelowTheMessageThatItSpeaksOf() {
    ReadReceipt receipt = ReadReceipt.of(Facts.of(Facts.relayed(BOB)));
    assertEquals("<4B618D6A.2070804@example.org>", receipt.field("In-Reply-To"));
    assertEquals(
        "<first@example.com> <second@example.com> <4B618D6A.2070804@example.org>",
        receipt.field("References"));
  }

  @Test
  void itSaysThatAProgramWroteIt() {
    ReadReceipt receipt = ReadReceipt.of(Facts.of(Facts.relayed(BOB)));
    assertEquals("auto-replied", receipt.field("Auto-Submitted"));
    assertEquals("Mail Journal <postmaster@mail.example.org>", receipt.field("From"));
    assertEquals("<alice@example.org>", receipt.field("To"));
    assertEquals("Tue, 24 Nov 2026 10:01:04 +0100", receipt.field("Date"));
    assertEquals("<4fK2Qm1Xz3zJ.mhx2k1.final@mail.example.org>", receipt.field("Message-ID"));
    assertEquals("1.0", receipt.field("MIME-Version"));
  }

  @Test
  void theSubjectTellsTheOutcomeInTheSendersTerms() {
    assertEquals(
        "Accepted by the receiving system: Offer for the harbour wall",
        ReadReceipt.of(Facts.of(Facts.relayed(BOB))).subject());
    assertEquals(
        "Accepted for all 3 recipients: Offer for the harbour wall",
        subjectOf(Facts.relayed("a@x.org"), Facts.relayed("b@x.org"), Facts.delivered("c@x.org")));
    assertEquals(
        "2 of 3 accepted, 1 failed: Offer for the harbour wall",
        subjectOf(Facts.relayed("a@x.org"), Facts.failed("b@x.org"), Facts.relayed("c@x.org")));
    assertEquals("Not delivered: Offer for the harbour wall", subjectOf(Facts.failed("a@x.org")));
    assertEquals(
        "Not accepted yet for any of 2 recipients: Offer for the harbour wall",
        subjectOf(Facts.delayed("a@x.org"), Facts.queued("b@x.org")));
    assertEquals(
        "Outcome not reported: Offer for the harbour wall", subjectOf(Facts.unreported("a@x.org")));
    assertEquals(
        "Delivered to the mailbox: Offer for the harbour wall",
        subjectOf(Facts.delivered("a@x.org")));
  }

  @Test
  void anAddressThatOthersStandForIsNotCounted() {
    assertEquals(
        "Accepted for all 2 recipients: Offer for the harbour wall",
        subjectOf(
            Facts.expanded("all@x.org"),
            Facts.relayed("a@x.org", "all@x.org"),
            Facts.relayed("b@x.org", "all@x.org")));
  }

  @Test
  void ofAnAddressThatNobodyIsKnownToStandForNothingIsClaimed() {
    assertEquals(
        "1 of 2 accepted, 1 not reported: Offer for the harbour wall",
        subjectOf(Facts.expanded("staff@x.org"), Facts.relayed("bob@x.org")));
  }

  private static String subjectOf(RecipientState... recipients) {
    return ReadReceipt.of(Facts.of(recipients)).subject();
  }

  @Test
  void aSubjectInAnyScriptComesThrough() {
    ReadReceipt receipt =
        ReadReceipt.of(
            Facts.of(Facts.relayed(BOB))
                .subject("=?utf-8?B?0J/RgNC40LLQtdGC?= =?utf-8?Q?_f=C3=BCr_alle?="));
    assertEquals("Accepted by the receiving system: Привет für alle", receipt.subject());
    assertTrue(receipt.words().contains("Привет für alle"));
    assertTrue(receipt.html().contains("Привет für alle"));
    assertTrue(receipt.field("Subject").startsWith("=?UTF-8?"));
  }

  @Test
  void aLongSubjectIsCutAndFolded() {
    ReadReceipt receipt =
        ReadReceipt.of(Facts.of(Facts.relayed(BOB)).subject("ü word ".repeat(2000)));
    assertTrue(receipt.subject().endsWith("…"), receipt.subject());
    assertTrue(receipt.subject().length() < 300);
    Wire.assertTravels(receipt.bytes());
  }

  @Test
  void withoutASubjectTheMomentNamesTheMessage() {
    assertEquals(
        "Accepted by the receiving system (message handed in 24 November 2026, 10:00:58 UTC+01:00)",
        ReadReceipt.of(Facts.of(Facts.relayed(BOB)).header("To: x@y.org\r\n")).subject());
  }

  @Test
  void withoutAMessageIdThereIsNothingToThreadBelow() {
    Facts facts = Facts.of(Facts.relayed(BOB)).messageId("not an id, and \r\nBcc: eve@example.com");
    ReadReceipt receipt = ReadReceipt.of(facts);
    assertFalse(receipt.has("In-Reply-To"));
    assertFalse(receipt.has("References"));
    assertFalse(receipt.has("Bcc"));
  }

  @Test
  void whatTheSignerMakesOfTheEntityIsWhatIsSent() {
    byte[] signed =
        "Content-Type: text/x-signed\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[][] handed = new byte[1][];
    Composer composer =
        new Composer(
            Facts.settings("auto"),
            entity -> {
              handed[0] = entity;
              return signed;
            });
    byte[] receipt = composer.compose(Facts.of(Facts.relayed(BOB)).notice());
    assertTrue(
        new String(handed[0], StandardCharsets.UTF_8)
            .startsWith("Content-Type: multipart/report;"));
    assertTrue(
        new String(receipt, StandardCharsets.UTF_8)
            .endsWith("MIME-Version: 1.0\r\n" + new String(signed, StandardCharsets.US_ASCII)));
  }

  @Test
  void aSignerThatBringsTheMimeVersionDoesNotMakeItTwo() {
    byte[] signed =
        "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nbody\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    Composer composer = new Composer(Facts.settings("auto"), entity -> signed);
    byte[] receipt = composer.compose(Facts.of(Facts.relayed(BOB)).notice());
    assertEquals("1.0", new ReadReceipt(receipt).field("MIME-Version"));
  }

  @Test
  void theHeaderComesBackAsItCame() {
    String header = "Subject: plain\r\nX-Folded: one\r\n two\r\n";
    ReadReceipt receipt = ReadReceipt.of(Facts.of(Facts.relayed(BOB)).header(header));
    assertEquals(header, receipt.leaf("text/rfc822-headers"));
  }

  @Test
  void aHeaderInUtf8ComesBackAsOne() {
    String header = "Subject: Grüße\r\nFrom: <jörg@bücher.example>\r\n";
    ReadReceipt receipt = ReadReceipt.of(Facts.of(Facts.relayed(BOB)).header(header));
    assertEquals(header, receipt.leaf("message/global-headers"));
    Wire.assertTravels(receipt.bytes());
  }

  @Test
  void aHeaderThatNoLineCanCarryComesBackByteForByte() {
    byte[] header =
        "Subject: a\u0000b \r\nFrom x\r\nLatin: \u00e9\r\n".getBytes(StandardCharsets.ISO_8859_1);
    Notice notice = Facts.withHeader(Facts.of(Facts.relayed(BOB)).notice(), Optional.of(header));
    ReadReceipt receipt = new ReadReceipt(Facts.composer("auto").compose(notice));
    assertArrayEquals(header, receipt.leafBytes("text/rfc822-headers"));
    Wire.assertTravels(receipt.bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "rfc822;Elsewhere+2B1@other.test, message/delivery-status, rfc822; Elsewhere+1@other.test",
    "utf-8;ü@other.test, message/global-delivery-status, utf-8; ü@other.test",
    "utf-8;\\x{FC}\\x{2B}b\\x{110000}@x, message/global-delivery-status, utf-8; ü+b\\x{110000}@x",
    "x400;/S=a+3Bb/, message/delivery-status, x400; /S=a;b/",
    "rfc822;a+0D+0AAction:b@other.test, message/delivery-status,"
        + " rfc822; a\\x0d\\x0aAction:b@other.test"
  })
  void theSendersOwnNameForARecipientIsItsOriginal(String orcpt, String part, String field) {
    Notice plain = Facts.of(Facts.relayed(BOB)).notice();
    Notice notice =
        Facts.withOriginals(
            plain,
            OriginalRecipients.in(Facts.received(plain.message(), orcpt), plain.message().key()));

    String status = new ReadReceipt(Facts.composer("auto").compose(notice)).leaf(part);

    assertTrue(status.contains("Original-Recipient: " + field + "\r\n"), status);
    assertTrue(status.contains("Final-Recipient: rfc822; " + BOB + "\r\n"), status);
  }

  @Test
  void anAliasesTargetHasTheNameOfTheAlias() {
    Notice plain = Facts.of(Facts.relayed(BOB, "team@example.org")).notice();
    Notice notice =
        Facts.withOriginals(
            plain,
            OriginalRecipients.in(
                Facts.received(plain.message(), "rfc822;named@other.test"), plain.message().key()));

    String status =
        new ReadReceipt(Facts.composer("auto").compose(notice)).leaf("message/delivery-status");

    assertTrue(status.contains("Original-Recipient: rfc822; named@other.test\r\n"), status);
    assertTrue(status.contains("Final-Recipient: rfc822; " + BOB + "\r\n"), status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no type",
        "rfc822;",
        "rfc822; ",
        "rfc822;+20",
        "utf-8;\\x{20}",
        "rfc822;+FF@x",
        ";a@x"
      })
  void whatIsNoOrcptIsLeftOut(String orcpt) {
    Notice plain = Facts.of(Facts.relayed(BOB)).notice();
    Notice notice =
        Facts.withOriginals(
            plain,
            OriginalRecipients.in(Facts.received(plain.message(), orcpt), plain.message().key()));

    String status =
        new ReadReceipt(Facts.composer("auto").compose(notice)).leaf("message/delivery-status");

    assertFalse(status.contains("Original-Recipient"), status);
  }

  @Test
  void onlyTheTellingFieldsComeBackWhereTheSettingsSaySo() {
    Composer.Settings all = Facts.settings("auto");
    Composer.Settings few =
        new Composer.Settings(
            all.from(), "", all.reportingMta(), "auto", all.zone(), Composer.Returned.FIELDS);
    Facts facts =
        Facts.of(Facts.relayed(BOB)).header("Received: from x\r\nSubject: s\r\nX-Secret: y\r\n");
    ReadReceipt receipt =
        new ReadReceipt(new Composer(few, entity -> entity).compose(facts.notice()));
    assertEquals("Subject: s\r\n", receipt.leaf("text/rfc822-headers"));
    assertEquals("<postmaster@mail.example.org>", receipt.field("From"));
  }

  @Test
  void withoutHeaderAndEvidenceTwoPartsAreLeft() {
    Notice notice = Facts.of(Facts.relayed(BOB)).notice();
    Notice bare = Facts.withEvidence(Facts.withHeader(notice, Optional.empty()), Optional.empty());
    assertEquals(
        "multipart/report(multipart/alternative(text/plain text/html) message/delivery-status)",
        new ReadReceipt(Facts.composer("auto").compose(bare)).structure());
  }

  @Test
  void aReceiptForAnInternationalAddressSaysSoInUtf8() {
    ReadReceipt receipt =
        ReadReceipt.of(
            Facts.of(Facts.relayed("пример@почта.example")).sender("jörg@bücher.example"));
    assertEquals("<jörg@bücher.example>", utf8(receipt.field("To")));
    String status = receipt.leaf("message/global-delivery-status");
    assertTrue(status.contains("Final-Recipient: utf-8; пример@почта.example\r\n"), status);
  }

  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Test
  void aStrangeLocalPartIsQuoted() {
    assertEquals(
        "<\"a b\\\"c\"@example.org>",
        ReadReceipt.of(Facts.of(Facts.relayed(BOB)).sender("a b\"c@example.org")).field("To"));
    assertEquals(
        "<\"a b\"@example.org>",
        ReadReceipt.of(Facts.of(Facts.relayed(BOB)).sender("\"a b\"@example.org")).field("To"));
  }

  /** Encoded words do not stand in addresses: a program would take another address from it. */
  @Test
  void anAddressThatLooksLikeAnEncodedWordIsLeftAsItIs() {
    for (String address : List.of("user=?x@example.com", "=?utf-8?q?x?=@example.com")) {
      String status = ReadReceipt.of(Facts.of(Facts.relayed(address))).deliveryStatus();
      assertTrue(status.contains("Final-Recipient: rfc822; " + address + "\r\n"), status);
    }
  }

  @Test
  void noLineOfAReportInUtf8IsLongerThanALineMayBe() {
    RecipientState failed =
        Facts.state(
            "пример@почта.example",
            Status.FAILED,
            "5.1.1",
            Remote.NONE,
            "550 5.1.1 " + "邮".repeat(850),
            null);
    String status = ReadReceipt.of(Facts.of(failed)).leaf("message/global-delivery-status");
    status
        .lines()
        .forEach(line -> assertTrue(line.getBytes(StandardCharsets.UTF_8).length <= 998, line));
    assertTrue(status.contains("Diagnostic-Code: smtp; =?UTF-8?"), status);
  }

  @Test
  void theNameInFromIsInUtf8() {
    Composer.Settings settings =
        new Composer.Settings(
            new Address("r@example.org"),
            "Empfänger",
            "mx",
            "en",
            Facts.ZONE,
            Composer.Returned.NONE);
    ReadReceipt receipt =
        new ReadReceipt(
            new Composer(settings, entity -> entity)
                .compose(Facts.of(Facts.relayed(BOB)).notice()));
    assertEquals("=?UTF-8?Q?Empf=C3=A4nger?= <r@example.org>", receipt.field("From"));
  }

  @Test
  void aFromThatIsNoAddressIsRefusedAtOnce() {
    Composer.Settings settings =
        new Composer.Settings(
            new Address("nobody"), "", "mx", "en", Facts.ZONE, Composer.Returned.NONE);
    assertThrows(IllegalArgumentException.class, () -> new Composer(settings, entity -> entity));
  }
}
