package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** Octets in the place of a signature (CMS, X.509), in base64 around a content that is ours. */
class SignatureFuzzTest {
  private static final Path FILE = FuzzCorpus.file("signature");
  private static final String HEAD =
      """
      Content-Type: multipart/signed; boundary=b

      --b
      A: b

      text
      --b
      Content-Type: application/pkcs7-signature
      Content-Transfer-Encoding: base64

      """;

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(SignatureFuzzTest.class, SignatureFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String text = HEAD + Base64.getMimeEncoder().encodeToString(input) + "\n--b--\n";
    FuzzCorpus.put(FILE, text.getBytes(StandardCharsets.US_ASCII));
    SignedFile file = SignedFile.read(FILE);
    assertEquals("A: b\r\n\r\ntext", new String(file.content(), StandardCharsets.US_ASCII));
    try {
      Signature signature = Signature.of(file);
      signature.isSelfSigned();
      signature.doubt(List.of(), Instant.EPOCH);
      EvidenceCheck.fingerprint(signature.certificate());
    } catch (Signature.Broken broken) {
      assertTrue(broken.getMessage().length() > 5);
    }
  }
}
