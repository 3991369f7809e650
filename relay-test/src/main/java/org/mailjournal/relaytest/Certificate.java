package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key with a certificate that it signed itself, made by the JDK's keytool.
 *
 * @param pem the certificate, for those who are to trust it
 */
public record Certificate(SSLContext context, Path pem) {
  private static final String PASSWORD = "secret";

  /** One for these host names; its files are put into the directory. */
  public static Certificate of(Path directory, String... names) {
    Path store = directory.resolve(names[0] + ".p12");
    Path pem = directory.resolve(names[0] + ".pem");
    String hosts = Arrays.stream(names).map(name -> "dns:" + name).collect(Collectors.joining(","));
    keytool(
        store,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + names[0],
        "-validity",
        "2",
        "-ext",
        "san=" + hosts);
    keytool(store, "-exportcert", "-rfc", "-file", pem.toString());
    try {
      return new Certificate(context(store), pem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A server that has no certificate at all, with which no handshake succeeds. */
  public static SSLContext none() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key and its certificate as a mail server wants them, for {@code mail.local.test}. */
  static void pem(Path key, Path certificate) {
    Command.run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=mail.local.test",
            "-keyout",
            key.toString(),
            "-out",
            certificate.toString())
        .orThrow();
  }

  private static void keytool(Path store, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Command.run(command.toArray(String[]::new)).orThrow();
  }

  private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
