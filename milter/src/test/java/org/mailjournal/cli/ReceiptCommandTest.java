package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.receipt.SubmissionServer;

class ReceiptCommandTest {
  private static final String REF = "4B61820C0A";

  @TempDir private Path directory;
  private final SubmissionServer server = new SubmissionServer();
  private Terminal terminal;

  @BeforeEach
  void sit() throws IOException {
    terminal = new Terminal(directory).over(Sample.everything());
    ownDomain("example.org");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void ownDomain(String domain) throws IOException {
    Files.writeString(
        directory.resolve("journal.conf"),
        "receipts.domains = [ \"%s\" ]\nreceipts.submit = \"127.0.0.1:%d\"\n"
            .formatted(domain, server.port()));
  }

  @Test
  void itGoesToTheSender() {
    assertEquals(0, terminal.type("receipt", REF), terminal.err());

    assertEquals("Sent to games@example.org: 250 2.0.0 Ok: queued as 4R7\n", terminal.out());
    assertTrue(
        server.commands().contains("RCPT TO:<games@example.org>"), server.commands()::toString);
    assertEquals(1, server.messages().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "<>", "x@example.org\r\nBcc: y@example.org"})
  void whatIsNoAddressIsNotWrittenTo(String to) {
    assertEquals(2, terminal.type("receipt", REF, "--to", to, "--print"));

    assertTrue(terminal.err().contains("expected an address, got"), terminal.err());
  }

  @Test
  void printedItIsNotSent() {
    assertEquals(0, terminal.type("receipt", REF, "--print"), terminal.err());

    assertTrue(terminal.out().contains("multipart/signed"), terminal.out());
    assertTrue(terminal.out().contains("Auto-Submitted: auto-replied"), terminal.out());
    assertEquals(List.of(), server.commands());
  }

  @Test
  void aSenderElsewhereGetsItOnlyIfNamed() throws IOException {
    ownDomain("other.example");

    assertEquals(2, terminal.type("receipt", REF));
    assertTrue(terminal.err().contains("say --to games@example.org"), terminal.err());
    assertEquals(List.of(), server.commands());

    assertEquals(0, terminal.type("receipt", REF, "--to", "games@example.org"), terminal.err());
    assertEquals(1, server.messages().size());
  }

  @Test
  void somebodyElseGetsItIfNamed() {
    assertEquals(0, terminal.type("receipt", REF, "--to", "eve@example.net"), terminal.err());

    assertTrue(
        server.commands().contains("RCPT TO:<eve@example.net>"), server.commands()::toString);
  }

  @Test
  void aRefusalIsToldInTheServersWords() {
    server.answer("RCPT", "550 5.1.1 no such user");

    assertEquals(3, terminal.type("receipt", REF));
    assertTrue(terminal.err().contains("550 5.1.1 no such user"), terminal.err());
  }

  @Test
  void aServerThatIsAwayIsTold() {
    server.close();

    assertEquals(3, terminal.type("receipt", REF));
    assertTrue(terminal.err().startsWith("journal: receipt send: "), terminal.err());
    String place = " by receipts.submit = 127.0.0.1:" + server.port() + ": ";
    assertTrue(terminal.err().contains(place), terminal.err());
  }

  @Test
  void whatNobodyKnowsHasNoReceipt() {
    assertEquals(1, terminal.type("receipt", "no-such-id"));
    assertEquals(2, terminal.type("receipt", " "));
    assertEquals(List.of(), server.commands());
  }

  @Test
  void aKeyThatCannotBeUsedIsNamed() throws IOException {
    Path key = Files.writeString(directory.resolve("key.p12"), "no key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

    assertEquals(2, terminal.type("receipt", REF));
    assertTrue(terminal.err().contains("cannot be read as PKCS#12"), terminal.err());
  }
}
