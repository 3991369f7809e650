package org.mailjournal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptSettingsTest {
  @TempDir private Path directory;

  private Config.Receipts load(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("journal.conf"), text);
    return new ConfigLoader().load(file).receipts();
  }

  @Test
  void nobodyGetsOneByDefault() throws IOException {
    assertEquals(
        new Config.Receipts(
            Config.Give.NEVER,
            List.of(),
            List.of(),
            List.of(),
            List.of("Return-Receipt-To"),
            Optional.empty(),
            Duration.ofMinutes(15),
            false,
            new Config.Submit("127.0.0.1", 25, Config.Tls.OFF, Optional.empty(), Optional.empty()),
            100,
            Optional.empty(),
            "Receipts",
            Optional.empty(),
            Config.Return.HEADERS,
            Optional.empty(),
            Optional.empty()),
        load(""));
    assertFalse(load("").areOn());
  }

  @Test
  void everyKeyIsRead() throws IOException {
    assertEquals(
        new Config.Receipts(
            Config.Give.ON_REQUEST,
            List.of(
                new Config.Rule("sender", "boss@example.org", Config.Give.ALWAYS),
                new Config.Rule("domain", ".lab.example.org", Config.Give.NEVER),
                new Config.Rule("login", "news", Config.Give.NEVER)),
            List.of("example.org", ".example.net"),
            List.of(new Config.Login("sales", List.of("info@example.org", "shop.example.org"))),
            List.of("X-Confirm-Delivery"),
            Optional.of("receipt"),
            Duration.ofMinutes(5),
            true,
            new Config.Submit(
                "::1",
                465,
                Config.Tls.IMPLICIT,
                Optional.of(Path.of("/etc/c")),
                Optional.of(Path.of("/etc/t"))),
            7,
            Optional.of("post@example.org"),
            "The Post",
            Optional.of("nl"),
            Config.Return.FIELDS,
            Optional.of(Path.of("/etc/k")),
            Optional.of(Path.of("/etc/p"))),
        load(
            """
            receipts {
              give = on-request
              rules = [ { sender = "boss@example.org", give = always }
                { domain = ".lab.example.org", give = never }, { login = news, give = never } ]
              domains = [ example.org, ".example.net" ]
              logins = [ { login = sales, senders = [ "info@example.org", shop.example.org ] } ]
              request-headers = [ X-Confirm-Delivery ]
              plus-tag = receipt
              patience = 5m
              only = true
              submit = "[::1]:465"
              submit-tls = implicit
              submit-credentials = "/etc/c"
              submit-trust = "/etc/t"
              limit = 7
              from = "post@example.org"
              name = "The Post"
              language = nl
              return = fields
              key = "/etc/k"
              key-password = "/etc/p"
            }
            """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "receipts.give = sometimes",
        "receipts.rules = [ { sender = \"nobody\", give = always } ]",
        "receipts.rules = [ { sender = \"a@b\", domain = b, give = always } ]",
        "receipts.rules = [ { sender = \"a@b\" } ]",
        "receipts.rules = always",
        "receipts.domains = [ \"a b\" ]",
        "receipts.domains = [ \"*.example.org\" ]",
        "receipts.domains = [ \"example.org.\" ]",
        "receipts.rules = [ { domain = \"*\", give = never } ]",
        "receipts.rules = [ { domain = \"*.example.org\", give = never } ]",
        "receipts.rules = [ { sender = \"*@example.org/x\", give = never } ]",
        "receipts.logins = [ { login = sales, senders = [ \"*\" ] } ]",
        "receipts.logins = [ { login = sales, senders = [ \"*.example.org\" ] } ]",
        "receipts.from = \"postmaster@example.org/x\"",
        "receipts.from = \"ada@exa(mple.org\"",
        "receipts.from = \"ada@.example.org\"",
        "receipts.logins = [ { login = sales } ]",
        "receipts.logins = [ { login = sales, senders = [ \"a b\" ] } ]",
        "receipts.request-headers = [ \"X Y\" ]",
        "receipts.plus-tag = \"a+b\"",
        "receipts.patience = 0s",
        "receipts.patience = 6d",
        "receipts.only = perhaps",
        "receipts.only = \"true\"",
        "receipts.submit = localhost",
        "receipts.submit = \"localhost:0\"",
        "receipts.submit = \"localhost:65536\"",
        "receipts.submit-tls = ssl",
        "receipts.submit-credentials = credentials",
        "receipts.submit-trust = trust.pem",
        "receipts.submit-trust = \"/etc/trust.pem\"",
        "receipts.limit = 0",
        "receipts.from = postmaster",
        "receipts.language = pt",
        "receipts.return = body",
        "receipts.key = key.p12",
        "receipts.key-password = secret",
        "receipts.key-password = \"/etc/password\""
      })
  void whatIsWrongIsNamedWithItsForm(String line) {
    List<Problem> problems = assertThrows(ConfigException.class, () -> load(line)).problems();

    assertEquals(1, problems.size(), problems::toString);
    assertTrue(
        problems.get(0).toString().contains(line.substring(0, line.indexOf(' '))),
        problems::toString);
  }

  @Test
  void whereAStarWouldNeverMatchTheFormForAllBelowIsNamed() {
    for (String line :
        List.of(
            "receipts.domains = [ \"*.example.org\" ]",
            "receipts.rules = [ { domain = \"*.example.org\", give = never } ]",
            "receipts.logins = [ { login = sales, senders = [ \"*.example.org\" ] } ]")) {
      List<Problem> problems = assertThrows(ConfigException.class, () -> load(line)).problems();

      assertTrue(
          problems.get(0).expected().contains("\".example.org\""), problems.get(0)::toString);
      assertTrue(problems.get(0).expected().contains("all below"), problems.get(0)::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"007", "1e3", "12"})
  void whatLooksLikeANumberIsTakenAsItIsTyped(String typed) throws IOException {
    Config.Receipts receipts =
        load(
            "receipts.plus-tag = "
                + typed
                + "\nreceipts.logins = [ { login = "
                + typed
                + ", senders = [ \"a@b\" ] } ]");

    assertEquals(Optional.of(typed), receipts.plusTag());
    assertEquals(List.of(new Config.Login(typed, List.of("a@b"))), receipts.logins());
  }

  @Test
  void aNameThatBeginsAsLoopbackIsNone() throws IOException {
    String lines = "receipts.submit-credentials = \"/etc/c\"\nreceipts.submit = ";
    for (String host : List.of("127.evil.example", "127.0.0.1.evil.example", "127.0.0")) {
      assertThrows(ConfigException.class, () -> load(lines + "\"" + host + ":587\""), host);
    }
    assertEquals("::1", load(lines + "\"[::1]:587\"").submit().host());
  }

  /** Who set it believes in a protection that is not there. */
  @Test
  void whatWouldHaveNoEffectIsNamedWithWhatItNeeds() throws IOException {
    String trust = "receipts.submit-trust = \"/etc/t\"\n";
    String password = "receipts.key-password = \"/etc/p\"\n";

    String off = assertThrows(ConfigException.class, () -> load(trust)).getMessage();
    assertTrue(off.contains("has no effect while receipts.submit-tls is off"), off);
    String alone = assertThrows(ConfigException.class, () -> load(password)).getMessage();
    assertTrue(alone.contains("has no effect without receipts.key"), alone);

    assertEquals(
        Optional.of(Path.of("/etc/t")),
        load(trust + "receipts.submit-tls = starttls").submit().trust());
    assertEquals(
        Optional.of(Path.of("/etc/p")), load(password + "receipts.key = \"/etc/k\"").keyPassword());
  }

  @Test
  void aPasswordDoesNotGoOverTheNetworkInTheOpen() throws IOException {
    String lines =
        "receipts.submit = \"mail.example.org:587\"\nreceipts.submit-credentials = \"/etc/c\"\n";
    List<Problem> problems = assertThrows(ConfigException.class, () -> load(lines)).problems();
    assertEquals(1, problems.size(), problems::toString);

    assertEquals(
        Config.Tls.STARTTLS, load(lines + "receipts.submit-tls = starttls").submit().tls());
    assertEquals("127.0.0.1", load(lines + "receipts.submit = \"127.0.0.1:25\"").submit().host());
  }
}
