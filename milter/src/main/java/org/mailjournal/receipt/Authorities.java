package org.mailjournal.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates the submission server may have. */
final class Authorities {
  private Authorities() {}

  /** Sockets that trust those in a PEM file, or the JDK's. */
  static SSLSocketFactory sockets(Optional<Path> file) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, file.isEmpty() ? null : managers(file.get()), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(
          file.map(Path::toString).orElse("Java's own list") + " cannot be used: " + e, e);
    }
  }

  private static TrustManager[] managers(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + store.size(), certificate);
      }
    }
    if (store.size() == 0) {
      throw new IOException(file + ": expected certificates in PEM, got none");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
