package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mailjournal.config.Config;
import org.mailjournal.config.ConfigLoader;
import org.mailjournal.receipt.Signer;
import org.mailjournal.receipt.SigningSettings;
import org.mailjournal.receipt.SubmissionServer;

class ReceiptsCheckTest {
  @TempDir private Path directory;
  private final SubmissionServer server = new SubmissionServer();

  @AfterEach
  void close() {
    server.close();
  }

  private List<Finding> findings(String... lines) throws IOException {
    Path file = directory.resolve("checked.conf");
    Files.writeString(
        file,
        "receipts.give = always\nreceipts.submit = \"127.0.0.1:"
            + server.port()
            + "\"\nreceipts.domains = [ example.org ]\n"
            + String.join("\n", lines));
    Config config = new ConfigLoader().load(file);
    return new ReceiptsCheck(new Terminal(directory))
        .findings(new Check.Subject(config, Optional.empty()));
  }

  private void expect(String problem, String... lines) throws IOException {
    List<Finding> findings = findings(lines);
    assertEquals(1, findings.size(), findings::toString);
    assertTrue(findings.get(0).problem().contains(problem), findings::toString);
    assertFalse(findings.get(0).cure().isEmpty(), findings::toString);
  }

  private Path file(String name, String content, String rights) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  @Test
  void whatIsSoundIsSoundAndNoKeyIsMade() throws IOException {
    assertEquals(List.of(), findings());
    assertFalse(Files.exists(directory.resolve("key.p12")));
  }

  @Test
  void aKeyThatOnlyTheAskerCanReadIsNone() throws IOException {
    UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
    Assumptions.assumeTrue(Files.getOwner(directory).getName().equals("root"), "not root");
    Path password = file("receipts.password", "\n", "rw-------");
    String line = keyWith(password);
    Files.setOwner(directory.resolve("key.p12"), users.lookupPrincipalByName("nobody"));
    Files.setOwner(directory, users.lookupPrincipalByName("nobody"));

    expect("may not be readable by nobody", line);
    Files.setOwner(password, users.lookupPrincipalByName("nobody"));
    assertEquals(List.of(), findings(line));
  }

  /** Its MTA greets nobody meanwhile, whatever receipts.submit-tls is. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void nothingIsBlamedOnReceiptsWhileTheDaemonHangs() throws IOException {
    server.answer("EHLO", SubmissionServer.CUT);
    String listen;
    try (ServerSocket daemon = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      listen = "milter.listen = \"inet:" + daemon.getLocalPort() + "@127.0.0.1\"";

      assertEquals(List.of(), findings(listen));
    }
    expect("no session comes about there", listen);
  }

  @Test
  void whileReceiptsAreOffNothingIsLookedAt() throws IOException {
    server.close();

    assertEquals(List.of(), findings("receipts.give = never", "receipts.domains = []"));
    assertEquals(List.of(), server.commands());
  }

  @Test
  void withoutOwnDomainsNobodyGetsOne() throws IOException {
    expect("receipts.domains is empty", "receipts.domains = []");
  }

  @Test
  void aServerThatIsAwayIsFound() throws IOException {
    try (Socket held = new Socket()) {
      // Bound and not listening: nobody else can get the port meanwhile and answer.
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      expect("nobody answers there", "receipts.submit = \"127.0.0.1:" + held.getLocalPort() + "\"");
    }
  }

  @Test
  void aServerWithoutTlsIsFound() throws IOException {
    expect("STARTTLS", "receipts.submit-tls = starttls");
  }

  @Test
  void aLoginThatIsRefusedIsFound() throws IOException {
    server.answer("EHLO", "250-us\r\n250 AUTH PLAIN").login("receipts:right");
    Path wrong = file("credentials", "receipts\nwrong\n", "rw-------");

    expect("535 5.7.8 wrong", "receipts.submit-credentials = \"" + wrong + "\"");

    file("credentials", "receipts\nright\n", "rw-------");
    assertEquals(List.of(), findings("receipts.submit-credentials = \"" + wrong + "\""));
  }

  @Test
  void credentialsThatEverybodyCanReadAreFound() throws IOException {
    Path open = file("credentials", "receipts\nright\n", "rw-r--r--");

    expect("readable by everybody", "receipts.submit-credentials = \"" + open + "\"");
  }

  @Test
  void aKeyThatIsNoneIsFound() throws IOException {
    Path key = file("site.p12", "no key", "rw-------");

    expect("receipts wait, because nothing can be signed", "receipts.key = \"" + key + "\"");
    expect("there is no ", "receipts.key = \"" + directory.resolve("nowhere.p12") + "\"");
  }

  private void keyFrom(Duration ago) {
    Clock then = Clock.offset(Clock.systemUTC(), ago.negated());
    Path own = directory.resolve("key.p12");
    SigningSettings settings =
        new SigningSettings(
            Optional.empty(), Optional.empty(), own, "mail.example.org", Optional.empty());
    assertTrue(Signer.open(settings, then).expires().isAfter(then.instant()));
  }

  private String keyWith(Path password) {
    keyFrom(Duration.ZERO);
    return "receipts { key = \"%s\", key-password = \"%s\" }"
        .formatted(directory.resolve("key.p12"), password);
  }

  @Test
  void aCertificateThatExpiredIsFound() throws IOException {
    keyFrom(Duration.ofDays(5_000));

    expect("the certificate expired at ");
  }

  @Test
  void aCertificateThatExpiresSoonIsFound() throws IOException {
    keyFrom(Duration.ofDays(3_653 - 10));

    expect("the certificate expires at ");
  }

  @Test
  void aPasswordThatEverybodyCanReadIsFound() throws IOException {
    expect("readable by everybody", keyWith(file("password", "\n", "rw-r--r--")));
  }

  @Test
  void receiptsOnlyWithoutPostfixIsFound() throws IOException {
    expect("has no effect", "receipts.only = true");
    assertEquals(
        List.of(),
        findings("receipts.only = true", "postfix.queue-directory = \"/var/spool/postfix\""));
  }
}
