package org.mailjournal.receipt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence from somebody who wants it to be read without end. */
class HostileEvidenceTest {
  private static final int DEEP = 100_000;

  @TempDir private Path directory;

  private Verdict check(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("evidence.eml"), text, US_ASCII);
    return new EvidenceCheck(Clock.systemUTC()).check(file, Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"; x", "\r\n x", " ", ";", "; boundary", "; boundary="})
  void aContentTypeWithoutEndIsRefused(String more) {
    String type = "Content-Type: multipart/signed" + more.repeat(DEEP);

    assertThrows(EvidenceException.class, () -> check(type + "\r\n\r\nx"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0\u0000", "$\u0000", "1\u0000"})
  void aSignatureNestedWithoutEndIsNotGood(String construct) throws Exception {
    byte[] nested = construct.repeat(DEEP).getBytes(US_ASCII);
    for (int i = 1; i < nested.length; i += 2) {
      nested[i] = (byte) 0x80;
    }
    Verdict verdict =
        check(
            """
            Content-Type: multipart/signed; boundary=b

            --b
            A: b

            text
            --b
            Content-Type: application/pkcs7-signature
            Content-Transfer-Encoding: base64

            %s
            --b--
            """
                .formatted(Base64.getMimeEncoder().encodeToString(nested)));

    assertFalse(verdict.verified());
    assertTrue(verdict.shown().get(0).contains("The signature is not good"), verdict::toString);
  }

  @Test
  void aFileOfMailboxSeparatorsIsRefused() {
    assertThrows(EvidenceException.class, () -> check("From x\n".repeat(DEEP)));
  }

  @Test
  void aDocumentNestedWithoutEndIsNone() {
    String document =
        "Content-Type: application/json\r\n"
            + "Content-Disposition: attachment; filename=\"evidence.json\"\r\n\r\n{\"format\":"
            + "[".repeat(DEEP);

    assertEquals(Optional.empty(), EvidenceDocument.in(document.getBytes(US_ASCII)));
  }

  @Test
  void partsNestedWithoutEndAreNotFollowed() {
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < DEEP; i++) {
      parts.append("Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n");
    }

    long start = System.nanoTime();
    assertEquals(Optional.empty(), EvidenceDocument.in(parts.toString().getBytes(US_ASCII)));
    assertTrue(System.nanoTime() - start < 5_000_000_000L, "it looked too deep");
  }
}
