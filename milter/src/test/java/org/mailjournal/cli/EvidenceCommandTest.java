package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceCommandTest {
  @TempDir private Path directory;
  private Terminal terminal;
  private String bundle;

  @BeforeEach
  void sit() {
    terminal = new Terminal(directory).over(Sample.everything());
    bundle = directory.resolve("evidence.eml").toString();
  }

  @Test
  void whatIsWrittenIsVerified() {
    assertEquals(0, terminal.type("evidence", "4B61820C0A", "-o", bundle), terminal.err());
    assertEquals("", terminal.out());

    assertEquals(0, terminal.type("evidence", "--verify", bundle), terminal.err());
    assertTrue(terminal.out().startsWith("VERIFIED, but not who signed it\n"), terminal.out());
    assertTrue(terminal.out().contains("4B61820C0A"), terminal.out());
    assertTrue(terminal.out().contains("It does not show:"), terminal.out());
  }

  @Test
  void aMessageIdMeansTheChainOfItsHopsFromTheFirstOn() {
    assertEquals(0, terminal.type("evidence", "4B618D6A.2070804", "-o", bundle));

    terminal.type("evidence", "--verify", bundle);
    assertTrue(terminal.out().contains("4B61830C0B"), terminal.out());
    assertTrue(terminal.out().contains("queued as 51E02514009"), terminal.out());
  }

  @Test
  void othersThatMayBeMeantAreNamed() {
    terminal.type("evidence", "4B618D6A.2070804", "-o", bundle);

    assertEquals(
        """
        journal: this is of the newest with this Message-ID; for another name it by its journal id:
          4B61820C0A.mwugt2e3  2026-11-24 10:01:00 +0100  from games@example.org
        """,
        terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void withoutAFileItGoesToStandardOutput() throws Exception {
    assertEquals(0, terminal.type("evidence", "4B61820C0A"), terminal.err());
    Files.writeString(Path.of(bundle), terminal.out());

    assertEquals(0, terminal.type("evidence", "--verify", bundle), terminal.err());
  }

  @Test
  void aChangedFileIsNotVerified() throws Exception {
    terminal.type("evidence", "4B61820C0A", "-o", bundle);
    String text = Files.readString(Path.of(bundle));
    Files.writeString(Path.of(bundle), text.replace("This is evidence", "That is evidence"));

    assertEquals(1, terminal.type("evidence", "--verify", bundle));
    assertTrue(terminal.out().startsWith("NOT VERIFIED\n"), terminal.out());
  }

  @Test
  void whatCannotBeReadIsSaidAndHasItsOwnCode() {
    String none = directory.resolve("no").toString();
    String reason = none + " cannot be read: there is no such file or directory; ";
    assertEquals(3, terminal.type("evidence", "--verify", none));
    assertTrue(terminal.err().startsWith("journal: evidence read: " + reason), terminal.err());
    terminal.type("evidence", "4B61820C0A", "-o", bundle);
    assertEquals(3, terminal.type("evidence", "4B61820C0A", "-o", directory.toString()));
    assertEquals(3, terminal.type("evidence", "--verify", bundle, "--ca", bundle));
    assertEquals(3, terminal.type("evidence", "--verify", bundle, "--ca", none));
    assertTrue(terminal.err().contains(reason), terminal.err());
    assertEquals(3, terminal.type("evidence", "--verify", bundle, "--message", none));
    assertTrue(terminal.err().contains(reason), terminal.err());
    assertEquals(3, terminal.type("evidence", "4B61820C0A", "-o", none + "/x"));
    assertTrue(terminal.err().contains("/x cannot be written: there is no such"), terminal.err());
  }

  /** Whoever has the file open, or runs out of disk, keeps the older evidence whole. */
  @Test
  void anOlderFileIsReplacedAndNotOverwritten() throws Exception {
    Path file = Files.writeString(Path.of(bundle), "older");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Path older = Files.createLink(directory.resolve("older"), file);

    assertEquals(0, terminal.type("evidence", "4B61820C0A", "-o", bundle), terminal.err());

    assertEquals("older", Files.readString(older));
    assertEquals(0, terminal.type("evidence", "--verify", bundle), terminal.err());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(List.of(), beside("evidence.eml."));
  }

  @Test
  void anEvidenceThatIsNewIsForOwnerAndGroup() throws Exception {
    terminal.type("evidence", "4B61820C0A", "-o", bundle);

    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(Path.of(bundle));
    assertEquals("rw-r-----", PosixFilePermissions.toString(rights));
  }

  @Test
  void aDeviceIsWrittenTo() {
    assertEquals(0, terminal.type("evidence", "4B61820C0A", "-o", "/dev/null"), terminal.err());
    assertEquals(3, terminal.type("evidence", "4B61820C0A", "-o", "/dev/full"), terminal.err());
    assertTrue(Files.exists(Path.of("/dev/full")));
  }

  private List<String> beside(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.startsWith(prefix)).toList();
    }
  }

  @Test
  void whatNobodyKnowsHasNoEvidence() {
    assertEquals(1, terminal.type("evidence", "no-such-id"));
    assertEquals("", terminal.out());
    assertTrue(terminal.err().contains("Nothing found."), terminal.err());
  }

  @Test
  void optionsThatDoNotGoTogetherAreMisuse() {
    assertEquals(2, terminal.type("evidence"));
    assertEquals(2, terminal.type("evidence", "REF", "--verify", bundle));
    assertEquals(2, terminal.type("evidence", "REF", "--message", bundle));
    assertEquals(2, terminal.type("evidence", "REF", "--ca", bundle));
    assertEquals(2, terminal.type("evidence", "--verify", bundle, "-o", bundle));
    assertEquals(2, terminal.type("evidence", " "));
  }

  @Test
  void aKeyThatCannotBeUsedIsNamedWithItsCure() throws Exception {
    Files.writeString(directory.resolve("key.p12"), "no key");
    Files.setPosixFilePermissions(
        directory.resolve("key.p12"), PosixFilePermissions.fromString("rw-------"));

    assertEquals(2, terminal.type("evidence", "4B61820C0A"));
    assertTrue(terminal.err().contains("cannot be read as PKCS#12"), terminal.err());
  }
}
