package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Client;
import org.mailjournal.receipt.RuleSettings.Give;
import org.mailjournal.receipt.RuleSettings.Login;

/** Which senders a login may use, and so get receipts as. */
class LoginsTest {
  private static final List<String> DOMAINS =
      List.of("example.org", ".lab.example.org", "example.net");
  private static final Login SALES =
      new Login("sales", List.of("info@example.org", "x.lab.example.org"));

  private static boolean may(String login, String sender, Login... lines) {
    RuleSettings settings =
        new RuleSettings(
            Give.ALWAYS,
            List.of(),
            DOMAINS,
            List.of(lines),
            List.of(),
            Optional.empty(),
            List.of());
    Client outside =
        new Client(
            Optional.empty(), Optional.of("198.51.100.1"), Optional.empty(), Optional.empty());
    return new Rules(settings).mayGive(new Address(sender), Optional.of(login), outside);
  }

  @ParameterizedTest
  @CsvSource({
    "ada, ada@example.org, true",
    "ada, Ada+x@EXAMPLE.org, true",
    "ada@example.org, Ada@example.org, true",
    "ada+work@example.org, ada@example.org, true",
    "ada, adam@example.org, false",
    "ada, ada@outside.org@example.org, false",
    "SALES, Info+x@example.org, true",
  })
  void aLoginMayUseItsOwnAddressInWhateverCase(String login, String sender, boolean may) {
    assertEquals(may, may(login, sender, SALES));
  }

  @ParameterizedTest
  @CsvSource({
    "ada@example.org, ada@example.org, true",
    "ada@example.org, ada+x@example.org, true",
    "ada@example.org, bob@example.org, false",
    "ada, ada@example.org, true",
    "Ada, ada+x@example.org, true",
    "ad, ada@example.org, false",
    "ada, bob@example.org, false",
    "sales, info@example.org, true",
    "sales, who@x.lab.example.org, true",
    "sales, ada@example.org, false"
  })
  void aLoginMayUseItsOwnAddressAndWhatIsConfigured(String login, String sender, boolean expected) {
    assertEquals(expected, may(login, sender, SALES));
  }

  /** So an administrator can take an address from a login whose name it has. */
  @ParameterizedTest
  @CsvSource({
    "info, info@example.net, true",
    "INFO, info@example.net, true",
    "info, more@example.org, true",
    "info, info@example.org, false",
    "noone, noone@example.org, false",
    "ada, ada@example.org, true"
  })
  void aLoginWithLinesOfItsOwnHasWhatTheyNameAndNothingElse(
      String login, String sender, boolean may) {
    assertEquals(
        may,
        may(
            login,
            sender,
            new Login("info", List.of("info@example.net")),
            new Login("info", List.of("more@example.org")),
            new Login("noone", List.of())));
  }

  @ParameterizedTest
  @CsvSource({"ada+news@example.org, true", "ada@example.org, false", "ada+x@example.org, false"})
  void aTaggedAddressOfALoginIsThatAddress(String sender, boolean may) {
    assertEquals(may, may("mailer", sender, new Login("mailer", List.of("ada+news@example.org"))));
  }
}
