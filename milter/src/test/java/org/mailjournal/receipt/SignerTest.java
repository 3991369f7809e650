package org.mailjournal.receipt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignerTest {
  private static final byte[] ENTITY =
      "Content-Type: text/plain; charset=us-ascii\r\n\r\nIt was relayed.\r\n-- \r\nFrom us\r\n"
          .getBytes(US_ASCII);

  @TempDir private Path directory;
  private OpenSsl openssl;
  private Path own;

  @BeforeEach
  void places() {
    openssl = new OpenSsl(directory);
    own = directory.resolve("receipts.p12");
  }

  private SigningSettings ownKey() {
    return new SigningSettings(
        Optional.empty(), Optional.empty(), own, "mail.example.org", Optional.of("r@example.org"));
  }

  private SigningSettings siteKey(Path file, String password) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), password + "\n");
    return new SigningSettings(
        Optional.of(file), Optional.of(secret), own, "mail.example.org", Optional.empty());
  }

  private static Signer open(SigningSettings settings) {
    return Signer.open(settings, Clock.systemUTC());
  }

  private String refusal(SigningSettings settings, Clock clock) {
    return String.valueOf(
        assertThrows(SigningException.class, () -> Signer.open(settings, clock)).getMessage());
  }

  private String refusal(SigningSettings settings) {
    return refusal(settings, Clock.systemUTC());
  }

  @Test
  void opensslTakesWhatIsSignedAndGivesItBackToTheOctet() throws Exception {
    Signer signer = open(ownKey());

    assertTrue(openssl.accepts(signer.sign(ENTITY), signer.certificate()));
    assertArrayEquals(ENTITY, openssl.lastContent());
  }

  @Test
  void opensslRefusesWhateverOctetOfTheContentIsChanged() throws Exception {
    Signer signer = open(ownKey());
    byte[] signed = signer.sign(ENTITY);
    int content = new String(signed, US_ASCII).indexOf("It was relayed");

    for (int place : List.of(content, content + 7, content + 14)) {
      byte[] changed = signed.clone();
      changed[place] ^= 1;
      assertFalse(openssl.accepts(changed, signer.certificate()), "octet " + place);
    }
  }

  @Test
  void aCertificateThatIsNotForMailIsRefusedAsOpensslRefusesIt() throws Exception {
    Path tls = openssl.pkcs12("p", "rsa:2048 -addext extendedKeyUsage=serverAuth", 2);

    String refusal = refusal(siteKey(tls, "p"));

    assertTrue(refusal.contains("emailProtection"), refusal);
    assertTrue(refusal.contains("S/MIME certificate"), refusal);
  }

  @Test
  void theHeaderSaysWhatMailProgramsLookFor() {
    String text = new String(open(ownKey()).sign(ENTITY), US_ASCII);
    String header = text.substring(0, text.indexOf("\r\n\r\n")).replaceAll("\r\n\\s+", " ");

    assertTrue(header.contains("multipart/signed;"), header);
    assertTrue(header.contains("protocol=\"application/pkcs7-signature\""), header);
    assertTrue(header.matches("(?s).*micalg=\"?sha-256\"?(;.*|\\s.*)?"), header);
    assertTrue(text.lines().allMatch(line -> line.length() < 200), text);
    assertEquals(text, text.replace("\r\n", "\n").replace("\n", "\r\n"));
  }

  @Test
  void aCertificateForNobodyElseIsNotTrusted() throws Exception {
    Signer signer = open(ownKey());
    Files.delete(own);
    Signer another = open(ownKey());

    assertFalse(openssl.accepts(signer.sign(ENTITY), another.certificate()));
  }

  @Test
  void ownKeysAreForTheirOwnerAndAreMadeOnce() throws Exception {
    Signer first = open(ownKey());
    byte[] file = Files.readAllBytes(own);

    assertEquals(first.certificate(), open(ownKey()).certificate());
    assertArrayEquals(file, Files.readAllBytes(own));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
    try (var files = Files.list(directory)) {
      assertEquals(List.of(own), files.toList());
    }
    assertTrue(first.expires().isAfter(Clock.systemUTC().instant().plus(Duration.ofDays(3000))));
  }

  /** An rfc822Name is an IA5String: other octets in it make a certificate that is none. */
  @ParameterizedTest
  @CsvSource({
    "r@example.org, r@example.org",
    "postmaster@bücher.example, postmaster@xn--bcher-kva.example",
    "büro@bücher.example, ",
    "postmaster@straße.example, "
  })
  void anOwnKeyNamesAnAddressThatItsCertificateCanHold(String address, String held)
      throws Exception {
    X509Certificate certificate =
        open(new SigningSettings(
                Optional.empty(), Optional.empty(), own, "mail.example.org", Optional.of(address)))
            .certificate();

    var names = certificate.getSubjectAlternativeNames();
    assertEquals(
        held == null ? null : List.of(List.of(1, held)), names == null ? null : List.copyOf(names));
  }

  @Test
  void aKeyThatRootMakesBelongsToWhoeverOwnsTheDirectory() throws Exception {
    Assumptions.assumeTrue(Files.getOwner(directory).getName().equals("root"), "needs root");
    UserPrincipal daemon =
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(directory, daemon);

    open(ownKey());

    assertEquals(daemon, Files.getOwner(own));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
  }

  @Test
  void severalThatMakeAKeyAtOnceUseTheSame() {
    List<CompletableFuture<Signer>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(CompletableFuture.supplyAsync(() -> open(ownKey())));
    }

    assertEquals(1, all.stream().map(one -> one.join().certificate()).distinct().count());
  }

  @Test
  void aLinkInTheKeysPlaceIsRefused() throws Exception {
    Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
    Files.createSymbolicLink(own, elsewhere);

    assertTrue(refusal(ownKey()).contains("is a symbolic link"));
    assertEquals(0, Files.size(elsewhere));
  }

  @Test
  void anOwnKeyThatOthersCanReadIsRefused() throws Exception {
    open(ownKey());
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-r-----"));

    assertTrue(refusal(ownKey()).contains("chmod 0600 " + own));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa:2048", "ec -pkeyopt ec_paramgen_curve:prime256v1"})
  void theSitesKeyIsTakenWithItsPassword(String kind) throws Exception {
    Signer signer = open(siteKey(openssl.pkcs12("open sesame", kind, 2), "open sesame"));

    assertTrue(openssl.accepts(signer.sign(ENTITY), signer.certificate()));
    assertEquals(
        "CN=receipts.example.org", signer.certificate().getSubjectX500Principal().getName());
    assertFalse(Files.exists(own));
  }

  @Test
  void aWrongPasswordIsNamed() throws Exception {
    Path file = openssl.pkcs12("right", "rsa:2048", 2);

    assertTrue(refusal(siteKey(file, "wrong")).contains("does not open with this password"));
  }

  @Test
  void anExpiredCertificateIsNamedAndSoIsOneThatHasNotBegun() throws Exception {
    SigningSettings settings = siteKey(openssl.pkcs12("p", "rsa:2048", 2), "p");

    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(3));
    assertTrue(refusal(settings, later).contains("the certificate expired at "));
    Clock earlier = Clock.offset(Clock.systemUTC(), Duration.ofDays(-3));
    assertTrue(refusal(settings, earlier).contains("the certificate begins at "));
  }

  @Test
  void anOwnKeyThatWasMadeWhileTheClockWasAheadIsUsedWhenItIsSetRight() throws Exception {
    SigningSettings settings = ownKey();
    Signer made = Signer.open(settings, Clock.offset(Clock.systemUTC(), Duration.ofDays(3)));

    assertEquals(made.certificate(), open(settings).certificate());
  }

  @Test
  void filesThatHoldNoKeyAreNamed() throws Exception {
    Path none = directory.resolve("none.p12");
    assertTrue(refusal(siteKey(none, "p")).contains("there is no " + none));
    Path text = Files.writeString(directory.resolve("text.p12"), "not a key at all");
    assertTrue(refusal(siteKey(text, "p")).contains("cannot be read as PKCS#12"));
  }

  @Test
  void aKeyWithoutItsCertificateIsNamed() throws Exception {
    Path key = directory.resolve("alone.pem");
    Path alone = directory.resolve("alone.p12");
    openssl.run("genpkey", "-algorithm", "RSA", "-out", key.toString());
    openssl.run(
        "pkcs12",
        "-export",
        "-nocerts",
        "-inkey",
        key.toString(),
        "-passout",
        "pass:p",
        "-out",
        alone.toString());

    String refusal = refusal(siteKey(alone, "p"));

    assertTrue(refusal.contains("has a key and no certificate for it"), refusal);
  }

  @Test
  void manyThreadsMaySign() throws Exception {
    Signer signer = open(ownKey());
    List<CompletableFuture<byte[]>> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] entity = ("Content-Type: text/plain\r\n\r\nreceipt " + i + "\r\n").getBytes(US_ASCII);
      all.add(CompletableFuture.supplyAsync(() -> signer.sign(entity)));
    }

    for (CompletableFuture<byte[]> signed : all) {
      Path file = Files.write(directory.resolve("one.eml"), signed.join());
      assertEquals(signer.certificate(), Signature.of(SignedFile.read(file)).certificate());
    }
  }
}
