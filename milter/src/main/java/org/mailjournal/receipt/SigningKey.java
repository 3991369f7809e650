package org.mailjournal.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A private key with its certificate.
 *
 * @param chain the certificate first, then those of its issuers
 */
record SigningKey(PrivateKey key, List<X509Certificate> chain) {
  private static final String CURE =
      "name a PKCS#12 file with one key and its certificate, as 'openssl pkcs12 -export' makes it";

  SigningKey {
    chain = List.copyOf(chain);
  }

  static SigningKey open(SigningSettings settings, Clock clock) {
    Path file = settings.keyFile().orElse(settings.ownKeyFile());
    if (settings.keyFile().isEmpty()) {
      OwnKey.makeUnlessThere(file, settings, clock);
    }
    SigningKey key = read(file, password(settings));
    key.requireValid(file, clock);
    return key;
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  /** The signature algorithm's JCA name. */
  String algorithm() {
    return key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
  }

  private static char[] password(SigningSettings settings) {
    Optional<Path> file = settings.keyFile().flatMap(named -> settings.passwordFile());
    if (file.isEmpty()) {
      return OwnKey.PASSWORD;
    }
    try {
      return Files.readString(file.get()).lines().findFirst().orElse("").toCharArray();
    } catch (IOException e) {
      throw SigningException.key(
          "the password file " + file.get() + " cannot be read: " + e,
          "let the daemon's user read it",
          e);
    }
  }

  private static SigningKey read(Path file, char[] password) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      return only(store, file, password);
    } catch (NoSuchFileException e) {
      throw SigningException.key("there is no " + file, CURE, e);
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw SigningException.key(
            file + " does not open with this password",
            "put the right one into the first line of the password file",
            e);
      }
      throw SigningException.key(
          file + " cannot be read as PKCS#12: " + e,
          CURE + ", and let the daemon's user read it",
          e);
    } catch (GeneralSecurityException e) {
      throw SigningException.key(file + " cannot be used: " + e.getMessage(), CURE, e);
    }
  }

  private static SigningKey only(KeyStore store, Path file, char[] password)
      throws GeneralSecurityException {
    List<String> names = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        names.add(alias);
      }
    }
    if (names.size() != 1) {
      throw SigningException.key(file + ": expected one key, got " + names.size(), CURE, null);
    }
    PrivateKey key = (PrivateKey) store.getKey(names.get(0), password);
    List<X509Certificate> chain = chain(store.getCertificateChain(names.get(0)));
    if (chain.isEmpty()) {
      throw SigningException.key(file + " has a key and no certificate for it", CURE, null);
    }
    if (!List.of("RSA", "EC").contains(key.getAlgorithm())) {
      throw SigningException.key(
          file + ": expected an RSA or EC key, got " + key.getAlgorithm(), CURE, null);
    }
    return new SigningKey(key, chain);
  }

  /** Java has null for a key that is alone. */
  private static List<X509Certificate> chain(Certificate[] certificates) {
    List<X509Certificate> chain = new ArrayList<>();
    if (certificates != null) {
      for (Certificate certificate : certificates) {
        chain.add((X509Certificate) certificate);
      }
    }
    return chain;
  }

  private void requireValid(Path file, Clock clock) {
    Usage.problem(certificate())
        .ifPresent(
            problem -> {
              throw SigningException.key(
                  file + ": the certificate cannot sign mail: " + problem,
                  "name an S/MIME certificate; nobody's mail program takes this one",
                  null);
            });
    if (clock.instant().isAfter(certificate().getNotAfter().toInstant())) {
      throw SigningException.key(
          file + ": the certificate expired at " + certificate().getNotAfter().toInstant(),
          "put a new one there, or remove the file if it was a self-signed one of ours",
          null);
    }
    if (clock.instant().isBefore(certificate().getNotBefore().toInstant())) {
      throw SigningException.key(
          file + ": the certificate begins at " + certificate().getNotBefore().toInstant(),
          "set the machine's clock, or wait",
          null);
    }
  }
}
