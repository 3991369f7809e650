package org.mailjournal.receipt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whether evidence is as it was signed, and of the message that is beside it. */
class EvidenceCheckTest extends EvidenceCase {
  @Test
  void opensslTakesTheBundleAndRefusesItWithOneOctetChanged() throws Exception {
    byte[] bundle = Files.readAllBytes(bundle());
    assertTrue(openssl.accepts(bundle, signer.certificate()));
    int json = new String(bundle, US_ASCII).indexOf("base64\r\n\r\n") + 40;
    bundle[json] = (byte) (bundle[json] == 'A' ? 'B' : 'A');

    assertFalse(openssl.accepts(bundle, signer.certificate()));
    Path changed = Files.write(directory.resolve("changed.eml"), bundle);
    Verdict verdict = check(changed, Optional.empty());
    assertFalse(verdict.verified());
    assertTrue(verdict.shown().get(0).contains("not good"), verdict::toString);
    assertEquals(List.of(), verdict.outcomes());
  }

  @Test
  void theRightCopyIsVerifiedAndItsStoryIsTold() throws Exception {
    Verdict verdict = check(bundle(), MAIL);

    assertTrue(verdict.verified(), verdict::toString);
    assertFalse(verdict.signerKnown());
    String shown = String.join("\n", verdict.shown());
    assertTrue(shown.contains("self-signed"), shown);
    assertTrue(shown.contains("51E02514002") && shown.contains("<m@x>"), shown);
    assertTrue(verdict.outcomes().get(0).contains("relayed  x@y  by mx.y"), verdict::toString);
    assertTrue(verdict.outcomes().get(0).contains(REPLY), verdict::toString);
  }

  @Test
  void copiesAsPeopleHaveThem() throws Exception {
    Path bundle = bundle();
    for (String copy :
        List.of(
            "Received: from x\r\n by y\r\n" + MAIL + "\r\n\r\n",
            MAIL.replace("\r\n", "\n").stripTrailing(),
            MAIL.replace("\r\n", "\r\r\n"),
            MAIL.replace("\r\n\r\n", "\r\n\r\r\r\n"),
            "From a@b Tue Nov 24 12:00:00 2026\n"
                + MAIL.replace("\r\n", "\n").replace("\nFrom here", "\n>From here"),
            MAIL.replace("\r\n\r\n", "\r\nBcc: c@d\r\nX-Status: R\r\n\r\n"),
            MAIL.replace(" hello", "\r\n\thello  "),
            MAIL.replace("From", "from").replace("from here", "From here"))) {
      assertTrue(check(bundle, copy).verified(), copy);
    }
  }

  @Test
  void aCopyThatOnlyMatchesAsAnMboxHasItIsToldApart() throws Exception {
    Path bundle = bundle();
    String said = "were read as 'From '";

    Verdict quoted = check(bundle, MAIL.replace("\r\nFrom here", "\r\n>From here"));
    assertTrue(quoted.verified(), quoted::toString);
    assertTrue(String.join("\n", quoted.shown()).contains(said), quoted::toString);
    assertFalse(String.join("\n", check(bundle, MAIL).shown()).contains(said));
  }

  @Test
  void fieldsThatWereAddedLaterAreNamed() throws Exception {
    Verdict verdict = check(bundle(), "Date: today\r\nMessage-ID: <m@x>\r\n" + MAIL);

    assertTrue(verdict.verified(), verdict::toString);
    assertTrue(String.join("\n", verdict.shown()).contains("date, message-id"));
  }

  @Test
  void otherCopiesAreNot() throws Exception {
    Path bundle = bundle();
    for (String copy :
        List.of(
            MAIL.replace("eleven", "twelve"),
            MAIL.replace("hello", "Hello"),
            "Subject: first\r\n" + MAIL,
            "Content-Type: text/html\r\n" + MAIL,
            MAIL + "P.S.",
            MAIL.replace("From here", ">From here").replace("From: a@b", "From: c@d"))) {
      assertFalse(check(bundle, copy).verified(), copy);
    }
  }

  @Test
  void withoutHashesNoCopyIsVerified() throws Exception {
    Verdict verdict = check(bundle(Optional.empty()), MAIL);

    assertFalse(verdict.verified());
    assertTrue(String.join("\n", verdict.shown()).contains("no hashes"), verdict::toString);
  }

  @Test
  void aCopyWithUnixLineEndsOfTheBundleIsGoodToo() throws Exception {
    String bundle = Files.readString(bundle(), US_ASCII);
    Path unix =
        Files.writeString(
            directory.resolve("unix.eml"),
            "Received: from x\nSubject: evidence\n" + bundle.replace("\r\n", "\n"));

    assertTrue(check(unix, Optional.empty()).verified());
  }

  @Test
  void aWholeReceiptIsCheckedLikeABundle() throws Exception {
    Notice notice = Facts.of(Facts.relayed("x@y")).notice();
    Notice evident =
        Facts.withEvidence(notice, Optional.of(json(Optional.of(digest())).getBytes(UTF_8)));
    byte[] receipt = new Composer(Facts.settings("en"), signer::sign).compose(evident);
    Path file = Files.write(directory.resolve("receipt.eml"), receipt);

    assertTrue(openssl.accepts(receipt, signer.certificate()));
    assertTrue(check(file, MAIL).verified());
    assertFalse(check(file, MAIL.replace("eleven", "twelve")).verified());
  }

  @Test
  void anAttachmentOfTheSendersIsNoEvidence() throws Exception {
    String inner =
        "Content-Type: message/rfc822\r\n\r\nContent-Type: application/json\r\n"
            + "Content-Disposition: attachment; filename=evidence.json\r\n\r\n"
            + json(Optional.of(digest()))
            + "\r\n";
    Path file =
        Files.write(directory.resolve("inner.eml"), signer.sign(inner.getBytes(ISO_8859_1)));

    assertFalse(check(file, Optional.empty()).verified());
  }

  /** As of a message with tens of thousands of recipients. */
  @Test
  void whatIsWrittenIsTakenHoweverManyEventsItHas() throws Exception {
    String json = json(Optional.of(digest()));
    String large = json.replaceFirst("\\{", "{\"padding\":\"" + "x".repeat(27_000_000) + "\",");
    byte[] bundle = EvidenceBundle.of(large, signer);
    assertTrue(bundle.length > 32 * 1024 * 1024);
    Path file = Files.write(directory.resolve("large.eml"), bundle);

    Verdict verdict = check(file, MAIL);

    assertTrue(verdict.verified(), verdict::toString);
    assertEquals(1, verdict.outcomes().size());
  }

  @Test
  void aFileThatIsTooLargeIsSaidToBeSo() throws Exception {
    Path file = directory.resolve("huge.eml");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(SignedFile.LARGEST + 1L);
    }

    String words =
        assertThrows(EvidenceException.class, () -> check(file, Optional.empty())).getMessage();

    assertTrue(words.contains("more than 134217728 bytes"), words);
    assertTrue(words.contains("openssl cms -verify"), words);
  }

  @Test
  void filesThatAreNoEvidenceAreUnreadable() throws Exception {
    for (String text :
        List.of(
            "",
            MAIL,
            "Content-Type: multipart/signed\r\n\r\n",
            "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n")) {
      Path file = Files.writeString(directory.resolve("other.eml"), text);
      assertThrows(EvidenceException.class, () -> check(file, Optional.empty()));
    }
    Path none = directory.resolve("none");
    assertThrows(EvidenceException.class, () -> check(none, Optional.empty()));
  }
}
