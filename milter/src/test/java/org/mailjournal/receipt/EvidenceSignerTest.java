package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose evidence it is, and whether anybody vouches for him. */
class EvidenceSignerTest extends EvidenceCase {
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
}
