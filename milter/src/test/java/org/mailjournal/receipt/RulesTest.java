package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.HeaderField;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;
import org.mailjournal.receipt.RuleSettings.Give;

class RulesTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Optional<String> NOBODY = Optional.empty();

  private static RuleSettings settings(Give give, RuleSettings.Rule... rules) {
    return new RuleSettings(
        give,
        List.of(rules),
        List.of("example.org", ".lab.example.org"),
        List.of(new RuleSettings.Login("sales", List.of("info@example.org", "x.lab.example.org"))),
        List.of("Return-Receipt-To", "X-Confirm-Delivery"),
        Optional.of("receipt"),
        List.of("192.0.2.0/24", "2001:db8::/32"));
  }

  private static Client at(String address) {
    return new Client(Optional.empty(), Optional.of(address), Optional.empty(), Optional.empty());
  }

  private static Event.Received mail(
      String sender, Optional<String> login, String client, Asked asked) {
    MessageKey key = new MessageKey("mail.example.org", new QueueId("4B618D6A01"), NOON);
    return new Event.Received(
        NOON,
        Source.MILTER,
        key,
        Optional.empty(),
        new Address(sender),
        login,
        at(client),
        100,
        List.of(),
        List.of(
            new Event.Accepted(
                new Address("bob@example.net"), asked, Optional.empty(), Optional.empty(), true)),
        List.of(),
        Optional.empty());
  }

  private static Optional<String> reason(
      RuleSettings settings, Event.Received mail, String... fields) {
    Rules rules = new Rules(settings);
    List<HeaderField> looked =
        List.of(fields).stream()
            .map(field -> field.split(": ", 2))
            .map(parts -> new HeaderField(parts[0], parts[1]))
            .filter(field -> rules.looksAt(field.name().toLowerCase(Locale.ROOT)))
            .toList();
    boolean may = rules.mayGive(mail.sender(), mail.authenticatedAs(), mail.client());
    Optional<String> reason = rules.reason(mail, looked);
    assertTrue(may || reason.isEmpty());
    return reason;
  }

  private static Optional<String> always(String sender, String... fields) {
    return reason(settings(Give.ALWAYS), mail(sender, NOBODY, "127.0.0.1", Asked.DEFAULT), fields);
  }

  private static Optional<String> onRequest(String sender, Asked asked, String... fields) {
    return reason(settings(Give.ON_REQUEST), mail(sender, NOBODY, "127.0.0.1", asked), fields);
  }

  @Test
  void nobodyGetsOneUnlessItIsConfigured() {
    assertFalse(
        new Rules(settings(Give.NEVER))
            .mayGive(new Address("ada@example.org"), NOBODY, at("127.0.0.1")));
  }

  @Test
  void aRuleForASenderHoldsInWhateverCase() {
    RuleSettings.Rule boss =
        new RuleSettings.Rule(RuleSettings.By.SENDER, "boss@example.org", Give.NEVER);

    assertEquals(
        Optional.empty(),
        reason(
            settings(Give.ALWAYS, boss),
            mail("Boss+1@example.org", NOBODY, "127.0.0.1", Asked.DEFAULT)));
  }

  /** In rules, logins and own domains alike. */
  @ParameterizedTest
  @CsvSource({"bücher.example, xn--bcher-kva.example", "xn--bcher-kva.example, bücher.example"})
  void aDomainsTwoFormsAreOne(String configured, String sent) {
    Address ada = new Address("ada@" + sent);
    Client outside = at("198.51.100.1");
    RuleSettings bare = international(Give.ALWAYS, configured);
    RuleSettings bySender =
        international(
            Give.NEVER,
            configured,
            new RuleSettings.Rule(RuleSettings.By.SENDER, "ada@" + configured, Give.ALWAYS));
    RuleSettings byDomain =
        international(
            Give.NEVER,
            configured,
            new RuleSettings.Rule(RuleSettings.By.DOMAIN, configured, Give.ALWAYS));

    assertTrue(new Rules(bare).mayGive(ada, NOBODY, at("127.0.0.1")));
    assertTrue(new Rules(bySender).mayGive(ada, NOBODY, at("127.0.0.1")));
    assertTrue(new Rules(byDomain).mayGive(ada, NOBODY, at("127.0.0.1")));
    assertTrue(new Rules(bare).mayGive(ada, Optional.of("ada@" + configured), outside));
    assertTrue(new Rules(bare).mayGive(ada, Optional.of("countess"), outside));
    assertTrue(new Rules(bare).mayGive(ada, Optional.of("everybody"), outside));
    assertFalse(new Rules(bare).mayGive(ada, Optional.of("eve"), outside));
  }

  private static RuleSettings international(Give give, String domain, RuleSettings.Rule... rules) {
    return new RuleSettings(
        give,
        List.of(rules),
        List.of(domain),
        List.of(
            new RuleSettings.Login("countess", List.of("ada@" + domain)),
            new RuleSettings.Login("everybody", List.of(domain))),
        List.of(),
        Optional.empty(),
        List.of());
  }

  @Test
  void everybodyOfOurDomainsGetsOneIfThatIsConfigured() {
    assertEquals(Optional.of("always, for everybody"), always("ada@example.org"));
    assertTrue(always("ada@EXAMPLE.org").isPresent());
    assertTrue(always("ada@x.lab.example.org").isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.net",
        "ada@sub.example.org",
        "ada@lab.example.org.evil",
        "ada",
        "",
        "eve@outside.org@example.org",
        "\"eve@outside.org\"@example.org",
        "eve%outside.org@example.org",
        "outside.org!eve@example.org"
      })
  void nobodyOutsideOurDomainsGetsOne(String sender) {
    assertEquals(Optional.empty(), always(sender));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Auto-Submitted: auto-generated",
        "auto-submitted: AUTO-REPLIED; owner=x",
        "Auto-Submitted: nonsense",
        "Precedence: Bulk",
        "Precedence: list",
        "Precedence: junk",
        "List-Id: <x.example.org>",
        "LIST-UNSUBSCRIBE: <mailto:x@example.org>"
      })
  void mailOfProgramsGetsNone(String field) {
    assertEquals(Optional.empty(), always("ada@example.org", field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Auto-Submitted: no", "Auto-Submitted: No (really)", "Precedence: first"})
  void mailOfPeopleThatSaysSoGetsOne(String field) {
    assertTrue(always("ada@example.org", field).isPresent());
  }

  @Test
  void whoAsksGetsOne() {
    Asked success = Asked.of(Set.of(Asked.Notice.SUCCESS));
    String ada = "ada@example.org";
    assertEquals(Optional.empty(), onRequest(ada, Asked.DEFAULT));
    assertEquals(Optional.of("asked for with NOTIFY=SUCCESS"), onRequest(ada, success));
    assertEquals(
        Optional.of("asked for with return-receipt-to"),
        onRequest(ada, Asked.DEFAULT, "return-receipt-to: whoever"));
    assertEquals(
        Optional.of("asked for with X-Confirm-Delivery"),
        onRequest(ada, Asked.DEFAULT, "X-Confirm-Delivery: yes"));
    assertEquals(
        Optional.of("asked for with the tag +receipt"),
        onRequest("ada+receipt@example.org", Asked.DEFAULT));
    assertEquals(Optional.empty(), onRequest("ada+else@example.org", Asked.DEFAULT));
  }

  @Test
  void whoAsksNeverToBeToldGetsNone() {
    assertEquals(
        Optional.empty(),
        reason(settings(Give.ALWAYS), mail("ada@example.org", NOBODY, "127.0.0.1", Asked.NEVER)));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.9.9.9, true",
    "::1, true",
    "192.0.2.77, true",
    "2001:db8:1::5, true",
    "192.0.3.77, false",
    "198.51.100.1, false",
    "2001:db9::1, false"
  })
  void aClientThatDidNotLogInHasToBeOurs(String client, boolean expected) {
    assertEquals(
        expected,
        new Rules(settings(Give.ALWAYS))
            .mayGive(new Address("ada@example.org"), NOBODY, at(client)));
  }

  @Test
  void aClientOfWhichNothingIsKnownIsNotOurs() {
    assertFalse(
        new Rules(settings(Give.ALWAYS))
            .mayGive(new Address("ada@example.org"), NOBODY, Client.UNKNOWN));
  }

  /** What forbids receipts of a newsletter does not forbid them to the person who sends it. */
  @ParameterizedTest
  @CsvSource({
    "ada+news@example.org, ada+news@example.org, false",
    "ada+news@example.org, Ada+News@EXAMPLE.org, false",
    "ada+news@example.org, ada@example.org, true",
    "ada+news@example.org, ada+else@example.org, true",
    "ada@example.org, ada@example.org, false",
    "ada@example.org, ada+news@example.org, false"
  })
  void aRuleForATaggedSenderIsForThatAddress(String named, String sender, boolean given) {
    RuleSettings settings =
        settings(Give.ALWAYS, new RuleSettings.Rule(RuleSettings.By.SENDER, named, Give.NEVER));

    assertEquals(given, new Rules(settings).mayGive(new Address(sender), NOBODY, at("127.0.0.1")));
  }

  @Test
  void theFirstRuleThatNamesTheSenderCounts() {
    RuleSettings settings =
        settings(
            Give.NEVER,
            new RuleSettings.Rule(RuleSettings.By.SENDER, "bob@example.org", Give.NEVER),
            new RuleSettings.Rule(RuleSettings.By.LOGIN, "newsletter", Give.NEVER),
            new RuleSettings.Rule(RuleSettings.By.DOMAIN, "example.org", Give.ALWAYS));
    Rules rules = new Rules(settings);

    assertTrue(rules.mayGive(new Address("ada@example.org"), NOBODY, at("::1")));
    assertFalse(rules.mayGive(new Address("bob@example.org"), NOBODY, at("::1")));
    assertFalse(rules.mayGive(new Address("bob+x@example.org"), NOBODY, at("::1")));
    assertFalse(
        rules.mayGive(new Address("newsletter@example.org"), Optional.of("newsletter"), at("::1")));
    assertEquals(
        Optional.of("always, by the rule for domain example.org"),
        reason(settings, mail("ada@example.org", NOBODY, "::1", Asked.DEFAULT)));
  }
}
