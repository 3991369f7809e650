package org.mailjournal.egress;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The client's side of TLS: with any certificate, or with a trusted one for the host's name. */
final class TlsClient {
  private final SSLContext any;
  private final SSLContext trusted;

  /** Trusts the authorities in a PEM file, or the JDK's. */
  TlsClient(Optional<Path> trust) {
    try {
      any = SSLContext.getInstance("TLS");
      any.init(null, new TrustManager[] {new AnyCertificate()}, null);
      trusted = SSLContext.getInstance("TLS");
      trusted.init(null, trust.isEmpty() ? null : managers(trust.get()), null);
    } catch (GeneralSecurityException | IOException unusable) {
      throw EgressException.of(
          "egress.trust",
          "cannot use " + trust.map(Path::toString).orElse("the JDK's") + ": " + unusable,
          "name a readable file of certificates in PEM",
          unusable);
    }
  }

  /** A TLS session over a connected socket; blocks. The socket is closed by its owner. */
  SSLSocket handshake(Socket socket, String host, boolean verified) throws IOException {
    SSLContext context = verified ? trusted : any;
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), false);
    SSLParameters parameters = tls.getSSLParameters();
    serverName(host).ifPresent(name -> parameters.setServerNames(List.of(name)));
    if (verified) {
      // RFC 2818's way of matching names is RFC 6125's, which RFC 7817 asks of mail.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  /** As it stands in the journal: {@code TLSv1.3 TLS_AES_256_GCM_SHA384}. */
  static String describe(SSLSession session) {
    return session.getProtocol() + " " + session.getCipherSuite();
  }

  /** None for an address, nor for what TLS takes for no name: MX records may hold mail_1. */
  private static Optional<SNIServerName> serverName(String host) {
    try {
      return isName(host) ? Optional.of(new SNIHostName(host)) : Optional.empty();
    } catch (IllegalArgumentException noHostName) {
      return Optional.empty();
    }
  }

  private static boolean isName(String host) {
    return host.indexOf(':') < 0 && host.chars().anyMatch(Character::isLetter);
  }

  static TrustManager[] managers(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + store.size(), certificate);
      }
    }
    if (store.size() == 0) {
      throw new IOException("there are no certificates in it");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /**
   * Opportunistic TLS hides mail from who only listens, and for that any certificate will do (RFC
   * 7435); most exchangers have none that could be verified without DANE or MTA-STS.
   */
  private static final class AnyCertificate extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
