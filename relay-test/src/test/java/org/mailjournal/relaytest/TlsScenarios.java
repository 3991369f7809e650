package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;

/**
 * What becomes of mail whose next hop offers STARTTLS, or refuses it, or has a broken certificate,
 * under each of the three modes.
 */
interface TlsScenarios extends MxScenarios {
  /** The routes that these scenarios need. */
  List<String> ROUTES =
      List.of(
          "{ domain = \".required.test\", to = mx, tls = required }",
          "{ domain = \".verified.test\", to = mx, tls = verified }");

  /** The domains, of which each has an exchanger of its own. */
  List<String> MODES = List.of("opportunistic.test", "required.test", "verified.test");

  /** Names in the trusted certificate. */
  static String[] certifiedNames() {
    return MODES.stream().map(mode -> "mx.good." + mode).toArray(String[]::new);
  }

  /** Opens an exchanger of each kind for each mode. */
  static void open(MailNetwork network, Certificate trusted, Certificate unknown) {
    for (String mode : MODES) {
      open(network, "good." + mode, s -> s.withTls(trusted.context()));
      open(network, "misnamed." + mode, s -> s.withTls(trusted.context()));
      open(network, "unknown." + mode, s -> s.withTls(unknown.context()));
      open(network, "broken." + mode, s -> s.withTls(Certificate.none()));
      open(network, "refusing." + mode, s -> s.offering("PIPELINING", "STARTTLS"));
      open(network, "plain." + mode, s -> s);
    }
  }

  private static void open(
      MailNetwork network, String domain, UnaryOperator<Exchanger.Settings> kind) {
    String host = "mx." + domain;
    network.exchanger(kind.apply(Exchanger.Settings.named(host)));
    network.names().mx(domain, 10, host);
  }

  @ParameterizedTest
  @CsvSource({
    "good.opportunistic.test",
    "misnamed.opportunistic.test",
    "unknown.opportunistic.test",
    "good.required.test",
    "misnamed.required.test",
    "unknown.required.test",
    "good.verified.test"
  })
  default void versionAndCipherAreInTheRecord(String domain) {
    String recipient = "a@" + domain;
    Sent sent = sendTo(recipient);

    JournalEntry entry = world().attempted(sent, recipient, 1);

    assertEquals("relayed", entry.fate(recipient).status(), entry::toString);
    assertEquals(Optional.of("mx." + domain), entry.fate(recipient).remoteMta());
    String tls = outcome(entry).remoteTls().orElse("none");
    assertTrue(tls.matches("TLSv1\\.[23] TLS_[A-Z0-9_]+"), tls);
  }

  @ParameterizedTest
  @CsvSource({
    "broken.opportunistic.test",
    "refusing.opportunistic.test",
    "plain.opportunistic.test"
  })
  default void withoutTlsMailGoesInClearWhereThatIsAllowed(String domain) {
    String recipient = "a@" + domain;
    Sent sent = sendTo(recipient);

    JournalEntry entry = world().attempted(sent, recipient, 1);

    assertEquals("relayed", entry.fate(recipient).status(), entry::toString);
    assertEquals(Optional.empty(), outcome(entry).remoteTls());
  }

  @ParameterizedTest
  @CsvSource({
    "plain.required.test, 4.7.4",
    "refusing.required.test, 4.7.4",
    "broken.required.test, 4.7.5",
    "plain.verified.test, 4.7.4",
    "refusing.verified.test, 4.7.4",
    "broken.verified.test, 4.7.5",
    "unknown.verified.test, 4.7.5",
    "misnamed.verified.test, 4.7.5"
  })
  default void whereTlsIsDemandedMailWaits(String domain, String dsn) {
    Fate fate = fateOf("a@" + domain);

    assertEquals("delayed", fate.status());
    assertEquals(Optional.of(dsn), fate.dsn());
    assertTrue(fate.words().contains("mx." + domain), fate::toString);
  }

  /** A passing trouble with TLS at one exchanger is no reason to wait where there is another. */
  @Test
  default void theNextExchangerIsTakenWhereTlsFails() {
    network().names().mx("both.required.test", 10, "mx.broken.required.test");
    network().names().mx("both.required.test", 20, "mx.good.required.test");

    Fate fate = fateOf("a@both.required.test");

    assertEquals("relayed", fate.status(), fate::toString);
    assertEquals(Optional.of("mx.good.required.test"), fate.remoteMta());
  }

  private static News outcome(JournalEntry entry) {
    List<News> outcomes =
        entry.events().stream().filter(news -> news.source().equals("egress")).toList();
    assertEquals(1, outcomes.size(), outcomes::toString);
    return outcomes.get(0);
  }
}
