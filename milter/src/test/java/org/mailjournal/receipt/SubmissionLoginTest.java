package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Address;
import org.mailjournal.receipt.Submission.Result;
import org.mailjournal.receipt.SubmissionSettings.Tls;

/** Submission to a server that wants TLS, a login, or both. */
class SubmissionLoginTest {
  private static final String MESSAGE = "From: a@example.org\r\n\r\nwords\r\n";

  @TempDir private static Path keys;
  private static Certified localhost;

  @TempDir private Path directory;
  private SubmissionServer server;

  @BeforeAll
  static void certify() throws Exception {
    localhost = Certified.host("localhost", keys.resolve("trust.pem"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private SubmissionServer serve(boolean implicit, String offers) {
    server = new SubmissionServer(Optional.of(localhost.context()), implicit);
    return server.answer("EHLO", "250-submission.test\r\n250 " + offers);
  }

  private Path credentials(String content, String rights) throws IOException {
    Path file = Files.writeString(directory.resolve("credentials"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private Submission submission(String host, Tls tls, Optional<Path> credentials) {
    return submission(host, tls, credentials, Optional.of(keys.resolve("trust.pem")));
  }

  private Submission submission(
      String host, Tls tls, Optional<Path> credentials, Optional<Path> trust) {
    return new Submission(
        new SubmissionSettings(host, server.port(), tls, credentials, trust),
        "us.test",
        Duration.ofSeconds(20));
  }

  private static Result send(Submission submission) {
    return submission.send(
        new Address("ada@example.org"), MESSAGE.getBytes(StandardCharsets.US_ASCII));
  }

  private void assertWaits(String why, Submission submission) {
    Result.Failed failed = assertInstanceOf(Result.Failed.class, send(submission));
    assertTrue(failed.problem().contains(why), failed.problem());
    assertTrue(submission.problem().orElse("").contains(why), submission.problem()::toString);
    assertEquals(List.of(), server.messages());
    assertTrue(
        server.commands().stream().noneMatch(line -> line.contains("MAIL")),
        server.commands()::toString);
  }

  @ParameterizedTest
  @CsvSource({"IMPLICIT, true", "STARTTLS, false"})
  void theMessageGoesInsideTls(Tls tls, boolean implicit) {
    serve(implicit, "STARTTLS");

    Submission submission = submission("localhost", tls, Optional.empty());

    assertEquals(Optional.empty(), submission.problem());
    assertEquals(new Result.Taken("250 2.0.0 Ok: queued as 4R7"), send(submission));
    assertEquals(List.of(MESSAGE), server.messages());
    assertTrue(server.commands().contains("tls MAIL FROM:<>"), server.commands()::toString);
  }

  @Test
  void nothingIsSaidInTheOpenWhereStarttlsIsNotOffered() {
    serve(false, "SIZE");

    assertWaits("STARTTLS", submission("localhost", Tls.STARTTLS, Optional.empty()));
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() {
    serve(false, "STARTTLS");

    assertWaits(
        "certification path",
        submission("localhost", Tls.STARTTLS, Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"IMPLICIT, true", "STARTTLS, false"})
  void aCertificateForAnotherNameIsRefused(Tls tls, boolean implicit) {
    serve(implicit, "STARTTLS");

    assertWaits("127.0.0.1", submission("127.0.0.1", tls, Optional.empty()));
  }

  @Test
  void aTrustFileWithoutCertificatesIsNamed() throws IOException {
    serve(false, "STARTTLS");
    Path none = Files.writeString(directory.resolve("none.pem"), "");

    assertWaits(
        "none.pem", submission("localhost", Tls.STARTTLS, Optional.empty(), Optional.of(none)));
  }

  @ParameterizedTest
  @CsvSource({"PLAIN", "LOGIN", "PLAIN LOGIN"})
  void itLogsInInsideTls(String mechanisms) throws IOException {
    serve(false, "STARTTLS").answer("EHLO", "250-us\r\n250-STARTTLS\r\n250 AUTH " + mechanisms);
    server.login("r\u00e9ceipts:s3 cret");
    Path file = credentials("r\u00e9ceipts\ns3 cret\n", "rw-r-----");

    Submission submission = submission("localhost", Tls.STARTTLS, Optional.of(file));

    assertEquals(Optional.empty(), submission.problem());
    assertInstanceOf(Result.Taken.class, send(submission));
    assertTrue(
        server.commands().stream().anyMatch(line -> line.startsWith("tls AUTH ")),
        server.commands()::toString);
  }

  @Test
  void aWrongPasswordMakesReceiptsWait() throws IOException {
    serve(true, "AUTH PLAIN").login("receipts:right");
    Path file = credentials("receipts\nwrong\n", "rw-------");

    assertWaits("535 5.7.8 wrong", submission("localhost", Tls.IMPLICIT, Optional.of(file)));
  }

  @Test
  void aServerThatOffersNoLoginMakesReceiptsWait() throws IOException {
    serve(true, "SIZE");
    Path file = credentials("receipts\nright\n", "rw-------");

    assertWaits("offers none", submission("localhost", Tls.IMPLICIT, Optional.of(file)));
  }

  @ParameterizedTest
  @CsvSource({"receipts, rw-------, two lines", "'receipts\nright', rw-r--r--, chmod o="})
  void aCredentialsFileThatCannotBeUsedIsNamed(String content, String rights, String why)
      throws IOException {
    serve(true, "AUTH PLAIN");
    Path file = credentials(content.replace("\\n", "\n"), rights);

    assertWaits(why, submission("localhost", Tls.IMPLICIT, Optional.of(file)));
  }

  @Test
  void aMissingCredentialsFileIsNamed() {
    serve(true, "AUTH PLAIN");

    assertWaits(
        "nowhere",
        submission("localhost", Tls.IMPLICIT, Optional.of(directory.resolve("nowhere"))));
  }
}
