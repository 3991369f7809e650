package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.config.Config;
import org.mailjournal.config.ConfigLoader;

class RelayFilesCheckTest {
  private static String certificate;

  @TempDir private Path directory;
  private Path login;
  private Path authorities;

  /** A certificate in PEM, for all tests. */
  @BeforeAll
  static void authority(@TempDir Path keys) throws IOException {
    String store = " -storepass secret -keystore " + keys.resolve("keys");
    Path pem = keys.resolve("own.pem");
    keytool("-genkeypair -alias a -keyalg EC -dname CN=mx.test" + store);
    keytool("-exportcert -rfc -alias a -file " + pem + store);
    certificate = Files.readString(pem);
  }

  @BeforeEach
  void soundFiles() throws IOException {
    login = file("smarthost", "ada\nsecret\n", "rw-------");
    authorities = file("own.pem", certificate, "rw-r--r--");
  }

  private static void keytool(String arguments) throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder((keytool + " " + arguments).split(" ", -1))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.onExit().join().exitValue(), said);
  }

  private Path file(String name, String content, String rights) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private List<Finding> findings() throws IOException {
    Path file = directory.resolve("checked.conf");
    Files.writeString(
        file,
        """
        egress.listen = "inet:2526@127.0.0.1"
        egress.trust = "%s"
        egress.routes = [
          { domain = "near.test", to = mx }
          { domain = "*", to = "smarthost.test:587", credentials = "%s" }
        ]
        """
            .formatted(authorities, login));
    Config config = new ConfigLoader().load(file);
    return new RelayFilesCheck(new Terminal(directory))
        .findings(new Check.Subject(config, Optional.empty()));
  }

  private void expect(Finding.Kind kind, String problem) throws IOException {
    List<Finding> findings = findings();
    assertEquals(1, findings.size(), findings::toString);
    assertEquals(kind, findings.get(0).kind(), findings::toString);
    assertTrue(findings.get(0).problem().contains(problem), findings::toString);
  }

  @Test
  void whatIsSoundIsSound() throws IOException {
    assertEquals(List.of(), findings());
  }

  @Test
  void aLoginThatIsNotThereIsFound() throws IOException {
    Files.delete(login);

    expect(
        Finding.Kind.CONFIGURATION,
        "egress.routes.2.credentials = " + login + ": the credentials file is unreadable");
  }

  @Test
  void aLoginWithoutItsPasswordIsFound() throws IOException {
    file("smarthost", "ada\n", "rw-------");
    expect(Finding.Kind.CONFIGURATION, "lacks a login name or a password");

    file("smarthost", "ada\n\n", "rw-------");
    expect(Finding.Kind.CONFIGURATION, "lacks a login name or a password");
  }

  @Test
  void aLoginThatEverybodyCanReadIsFound() throws IOException {
    file("smarthost", "ada\nsecret\n", "rw-r--r--");

    expect(Finding.Kind.WARNING, "readable by everybody");
  }

  @Test
  void filesThatOnlyTheAskerCanReadAreFound() throws IOException {
    UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
    Assumptions.assumeTrue(Files.getOwner(directory).getName().equals("root"), "not root");
    Files.setOwner(directory, users.lookupPrincipalByName("nobody"));
    expect(
        Finding.Kind.WARNING,
        "may not be readable by nobody, whose the journal is: mail by this route is deferred");

    Files.setOwner(login, users.lookupPrincipalByName("nobody"));
    assertEquals(List.of(), findings());

    Files.setPosixFilePermissions(authorities, PosixFilePermissions.fromString("rw-------"));
    expect(Finding.Kind.WARNING, "the daemon does not start then");
  }

  @Test
  void authoritiesThatAreNoneAreFound() throws IOException {
    file("own.pem", "# nothing yet\n", "rw-r--r--");
    expect(Finding.Kind.CONFIGURATION, "egress.trust = " + authorities + " cannot be used");

    Files.delete(authorities);
    expect(Finding.Kind.CONFIGURATION, "NoSuchFileException");
  }
}
