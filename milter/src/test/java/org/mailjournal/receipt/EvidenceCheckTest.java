package org.mailjournal.receipt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.ContentDigest;
import org.mailjournal.journal.ContentHasher;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

class EvidenceCheckTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final MessageKey KEY =
      new MessageKey("mail.example.org", new QueueId("51E02514002"), NOON);
  private static final String BODY = "We meet at eleven.\r\nFrom here.\r\n";
  private static final String MAIL = "From: a@b\r\nSubject: hello\r\n\r\n" + BODY;
  private static final String REPLY = "250 2.0.0 Ok: \"queued\" as 4B61\n250 é\u202e\\";

  @TempDir private Path directory;
  private Signer signer;
  private OpenSsl openssl;

  @BeforeEach
  void key() {
    openssl = new OpenSsl(directory);
    signer =
        Signer.open(
            new SigningSettings(
                Optional.empty(),
                Optional.empty(),
                directory.resolve("key.p12"),
                "mail.example.org",
                Optional.empty()),
            Clock.systemUTC());
  }

  private static ContentDigest digest() {
    ContentHasher hasher = new ContentHasher();
    hasher.field("From", () -> " a@b".getBytes(US_ASCII));
    hasher.field("Subject", () -> " hello".getBytes(US_ASCII));
    hasher.body(BODY.getBytes(US_ASCII), 0, BODY.length());
    return hasher.digest().orElseThrow();
  }

  private static String json(Optional<ContentDigest> digest) {
    Event received =
        new Event.Received(
            NOON,
            Source.MILTER,
            KEY,
            MessageId.ofField("<m@x>"),
            new Address("a@b"),
            Optional.empty(),
            Client.UNKNOWN,
            99,
            List.of(),
            List.of(
                new Event.Accepted(
                    new Address("x@y"), Asked.DEFAULT, Optional.empty(), Optional.empty(), true)),
            List.of(),
            digest);
    Event relayed =
        new Event.Outcome(
            NOON.plusSeconds(1),
            Source.PASS,
            KEY,
            Recipient.of(new Address("x@y")),
            Status.RELAYED,
            EnhancedStatus.of("2.0.0"),
            new Remote(Optional.of("mx.y"), Optional.empty(), Optional.empty()),
            Optional.of(REPLY),
            Optional.empty(),
            "");
    return Evidence.json(
        KEY,
        List.of(new RecordedEvent(1, received), new RecordedEvent(2, relayed)),
        new Evidence.Witness("mail.example.org", "0.1.0"),
        NOON.plusSeconds(60));
  }

  private Path bundle(Optional<ContentDigest> digest) throws Exception {
    return Files.write(directory.resolve("evidence.eml"), EvidenceBundle.of(json(digest), signer));
  }

  private Path bundle() throws Exception {
    return bundle(Optional.of(digest()));
  }

  private Verdict check(Path evidence, String message) throws Exception {
    Path copy = Files.writeString(directory.resolve("copy.eml"), message, ISO_8859_1);
    return new EvidenceCheck(Clock.systemUTC())
        .check(evidence, Optional.of(copy), Optional.empty());
  }

  private Verdict check(Path evidence, Optional<Path> authorities) {
    return new EvidenceCheck(Clock.systemUTC()).check(evidence, Optional.empty(), authorities);
  }

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
  void anAuthorityVouchesOnlyForItsOwn() throws Exception {
    Path bundle = bundle();
    Path own = openssl.pem(signer.certificate());
    openssl.pkcs12("p", "rsa:2048", 2);

    assertTrue(check(bundle, Optional.of(own)).signerKnown());
    assertTrue(check(bundle, Optional.of(own)).verified());
    Path another = directory.resolve("site.crt");
    assertFalse(check(bundle, Optional.of(another)).verified());
    assertFalse(check(bundle, Optional.of(another)).signerKnown());
  }

  /** The time in a signature is what the signer's clock was set to. */
  @Test
  void anExpiredCertificateIsNotVerifiedOnTheSignersOwnWord() throws Exception {
    Path bundle = bundle();
    Optional<Path> own = Optional.of(openssl.pem(signer.certificate()));
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(11 * 366));

    Verdict verdict = new EvidenceCheck(later).check(bundle, Optional.empty(), own);

    assertFalse(verdict.verified(), verdict::toString);
    assertFalse(verdict.signerKnown());
    String shown = String.join("\n", verdict.shown());
    assertTrue(shown.contains("expired at " + signer.expires()), shown);
    assertTrue(shown.contains("is the signer's word alone"), shown);
    assertEquals(1, verdict.outcomes().size());
    assertTrue(check(bundle, own).verified());
  }

  @Test
  void anExpiredCertificateIsNamedThoughNobodyIsAskedToVouch() throws Exception {
    Path bundle = bundle();
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(11 * 366));

    Verdict verdict = new EvidenceCheck(later).check(bundle, Optional.empty(), Optional.empty());

    assertTrue(verdict.verified(), verdict::toString);
    String shown = String.join("\n", verdict.shown());
    assertTrue(shown.contains("expired at " + signer.expires()), shown);
    assertTrue(shown.contains("is the signer's word alone"), shown);
    String now = String.join("\n", check(bundle, Optional.empty()).shown());
    assertFalse(now.contains("expired"), now);
  }

  @Test
  void whomAnAuthorityVouchesForHasToBeLookedAt() throws Exception {
    openssl.pkcs12("ca", "rsa:2048", 2);
    openssl.issue("CN=Somebody Else", "other@elsewhere.example");
    Signer other =
        Signer.open(
            new SigningSettings(
                Optional.of(directory.resolve("issued.p12")),
                Optional.of(Files.writeString(directory.resolve("password"), "p")),
                directory.resolve("unused.p12"),
                "mail.example.org",
                Optional.empty()),
            Clock.systemUTC());
    byte[] evidence = EvidenceBundle.of(json(Optional.of(digest())), other);
    Path bundle = Files.write(directory.resolve("other.eml"), evidence);
    String look = "look whether the name, or the fingerprint, is that of the site";

    Verdict byAuthority = check(bundle, Optional.of(directory.resolve("site.crt")));
    assertTrue(byAuthority.verified(), byAuthority::toString);
    String shown = String.join("\n", byAuthority.shown());
    assertTrue(shown.contains("CN=Somebody Else for other@elsewhere.example, SHA-256"), shown);
    assertTrue(shown.contains(look), shown);

    Verdict byLeaf = check(bundle, Optional.of(directory.resolve("issued.crt")));
    assertTrue(byLeaf.verified(), byLeaf::toString);
    assertFalse(String.join("\n", byLeaf.shown()).contains(look), byLeaf::toString);
  }

  @Test
  void whoMayNotSignMailIsNotVouchedForByTheAuthorityOfHisHost() throws Exception {
    Path authority = openssl.pem(signer.certificate());
    for (String purpose : List.of("emailProtection", "serverAuth")) {
      openssl.pkcs12("p", "rsa:2048 -addext extendedKeyUsage=" + purpose, 2);
      Optional<String> problem = Usage.problem(certificate(directory.resolve("site.crt")));
      assertEquals(purpose.equals("serverAuth"), problem.isPresent(), purpose);
    }
    assertEquals(Optional.empty(), Usage.problem(certificate(authority)));
  }

  private static X509Certificate certificate(Path pem) throws Exception {
    try (InputStream in = Files.newInputStream(pem)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
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
