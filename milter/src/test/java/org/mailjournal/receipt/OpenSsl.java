package org.mailjournal.receipt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The real openssl, in a directory of its own. */
final class OpenSsl {
  private final Path directory;

  OpenSsl(Path directory) {
    this.directory = directory;
  }

  /** What came of one call. */
  record Answer(int code, String text) {}

  Answer run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "openssl", ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    return new Answer(process.waitFor(), Files.readString(output));
  }

  /** Whether it takes the message for what the owner of the certificate signed. */
  boolean accepts(byte[] message, X509Certificate certificate) throws Exception {
    Path file = Files.write(directory.resolve("message.eml"), message);
    Path trusted = pem(certificate);
    Answer answer =
        run(
            "cms",
            "-verify",
            "-in",
            file.toString(),
            "-CAfile",
            trusted.toString(),
            "-out",
            directory.resolve("content").toString());
    return answer.code() == 0;
  }

  byte[] lastContent() throws IOException {
    return Files.readAllBytes(directory.resolve("content"));
  }

  Path pem(X509Certificate certificate) throws IOException, CertificateEncodingException {
    return Files.writeString(
        directory.resolve("trusted.pem"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }

  /** A PKCS#12 file with a key and a certificate for mail, valid for so many days from now. */
  Path pkcs12(String password, String key, int days) throws Exception {
    Path file = directory.resolve("site.p12");
    List<String> request =
        new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", String.valueOf(days)));
    request.addAll(List.of("-subj", "/CN=receipts.example.org", "-newkey"));
    request.addAll(List.of(key.split(" ")));
    request.addAll(List.of("-keyout", "site.key", "-out", "site.crt"));
    require(run(request.toArray(String[]::new)));
    require(
        run(
            "pkcs12",
            "-export",
            "-inkey",
            "site.key",
            "-in",
            "site.crt",
            "-out",
            file.toString(),
            "-passout",
            "pass:" + password));
    return file;
  }

  /** {@code issued.p12} and {@code issued.crt}, by the certificate of the last PKCS#12 file. */
  void issue(String name, String mailbox) throws Exception {
    Files.writeString(directory.resolve("issued.ext"), "subjectAltName=email:" + mailbox + "\n");
    for (String call :
        List.of(
            "req -new -nodes -newkey rsa:2048 -keyout issued.key -out issued.csr -subj",
            "x509 -req -in issued.csr -CA site.crt -CAkey site.key -set_serial 7 -days 1"
                + " -extfile issued.ext -out issued.crt",
            "pkcs12 -export -inkey issued.key -in issued.crt -out issued.p12 -passout pass:p")) {
      List<String> words = new ArrayList<>(List.of(call.split(" ")));
      if (call.endsWith("-subj")) {
        words.add("/" + name);
      }
      require(run(words.toArray(String[]::new)));
    }
  }

  private static void require(Answer answer) {
    if (answer.code() != 0) {
      throw new AssertionError(answer.text());
    }
  }
}
