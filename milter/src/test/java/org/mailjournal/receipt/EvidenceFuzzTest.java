package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** Files that should be evidence, to verdicts: nobody vouches for what was not signed. */
class EvidenceFuzzTest {
  private static final Path FILE = FuzzCorpus.file("evidence");
  private static final Path GENUINE = FuzzCorpus.file("genuine");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final X509Certificate SIGNER = signer();
  private static final byte[] SIGNED = signed();

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(EvidenceFuzzTest.class, EvidenceFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    FuzzCorpus.put(FILE, input);
    try {
      new EvidenceCheck(CLOCK).check(FILE, Optional.empty(), Optional.empty());
      SignedFile file = SignedFile.read(FILE);
      if (Signature.of(file).certificate().equals(SIGNER)) {
        assertArrayEquals(SIGNED, file.content(), "the signer never signed that");
      }
    } catch (EvidenceException refused) {
      assertTrue(refused.getMessage().startsWith("evidence read: "), refused.getMessage());
    } catch (Signature.Broken broken) {
      assertTrue(broken.getMessage().length() > 5);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = EvidenceFuzzTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] signed() {
    FuzzCorpus.put(GENUINE, resource("/fuzz/Evidence/genuine"));
    return SignedFile.read(GENUINE).content();
  }

  private static X509Certificate signer() {
    try (InputStream in = EvidenceFuzzTest.class.getResourceAsStream("/fuzz/signer.pem")) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
