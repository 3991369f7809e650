package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.mailjournal.journal.Address;

/** The self-signed key that is made where the site has none. */
final class OwnKey {
  /** The file's rights keep the key, not a password that would lie beside it. */
  static final char[] PASSWORD = {};

  private static final int BITS = 2048;
  private static final Duration VALID = Duration.ofDays(3653);

  /**
   * Clocks of those who check may be behind ours, and ours may be ahead when the key is made:
   * receipts must not wait until it is as late as that again.
   */
  private static final Duration BEFORE = Duration.ofDays(7);

  private OwnKey() {}

  /** Leaves a file that is there as it is, whoever of two daemons made it. */
  static void makeUnlessThere(Path file, SigningSettings settings, Clock clock) {
    if (Files.isSymbolicLink(file)) {
      throw SigningException.key(
          file + " is a symbolic link, and a key must not be written or read through one",
          "remove it, or name the key that it points to as the key file",
          null);
    }
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        requirePrivate(file);
        return;
      }
      publish(file, pkcs12(settings, clock));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw SigningException.key(
          "no key can be made at " + file + ": " + e,
          "let the daemon's user write there, or name a key of the site",
          e);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    Set<PosixFilePermission> others = EnumSet.allOf(PosixFilePermission.class);
    others.removeAll(PosixFilePermissions.fromString("rwx------"));
    others.retainAll(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    if (!others.isEmpty()) {
      throw SigningException.key(
          file + " is open to others than its owner", "chmod 0600 " + file, null);
    }
  }

  /** Appears whole or not at all, and never in the place of another: link(2) does not replace. */
  private static void publish(Path file, byte[] content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path whole =
        Files.createTempFile(
            directory,
            "." + file.getFileName(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel out = FileChannel.open(whole, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      // Made by root before the daemon first ran, it must be the daemon's all the same.
      UserPrincipal owner = Files.getOwner(directory);
      if (!Files.getOwner(whole).equals(owner)) {
        Files.setOwner(whole, owner);
      }
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException another) {
      requirePrivate(file);
    } finally {
      Files.delete(whole);
    }
  }

  private static byte[] pkcs12(SigningSettings settings, Clock clock)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    KeyPair pair = generator.generateKeyPair();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    Certificate[] chain = {certificate(pair, settings, clock.instant())};
    store.setKeyEntry("receipts", pair.getPrivate(), PASSWORD, chain);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, PASSWORD);
    return out.toByteArray();
  }

  /** For signing mail and nothing else (RFC 8550 sections 4.4.2 and 4.4.4). */
  private static X509Certificate certificate(KeyPair pair, SigningSettings settings, Instant now)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
    subject.addRDN(BCStyle.O, "Mail Journal, self-signed");
    subject.addRDN(BCStyle.CN, "Receipts of " + settings.host());
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject.build(),
            new BigInteger(127, new SecureRandom()).setBit(126),
            Date.from(now.minus(BEFORE)),
            Date.from(now.plus(VALID)),
            subject.build(),
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
    // RFC 5280 section 4.2.1.6: an IA5String; there is no room in it for a local part in UTF-8.
    Optional<String> mailbox =
        settings
            .address()
            .map(address -> new Address(address).inAscii().text())
            .filter(Fields::isAscii);
    if (mailbox.isPresent()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.rfc822Name, mailbox.get())));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
  }
}
