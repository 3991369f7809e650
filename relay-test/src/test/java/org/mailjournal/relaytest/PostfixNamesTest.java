package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A Postfix that delivers under other names than the sender gave, or cannot print these. Each
 * recipient has one fate, in the journal as in the receipt.
 */
class PostfixNamesTest extends OracleCase {
  @BeforeAll
  void start() {
    world =
        PostfixWorld.startWith(
            "names",
            setup ->
                setup
                    .main("smtputf8_enable", "no")
                    .main("local_recipient_maps", "")
                    .main("luser_relay", "games@local.test")
                    .localAlias("lteam", "games", "lteam-other@two.test", "lteam-target@one.test")
                    .main(
                        "smtpd_recipient_restrictions",
                        "check_recipient_access"
                            + " inline:{ {moved@one.test = REDIRECT new@two.test} }"),
            ReceiptScenarios::configuration);
  }

  private Sent send(String sender, String... recipients) {
    return world.send(Letter.from(sender).toAll(List.of(recipients)));
  }

  private static List<String> fates(JournalEntry entry) {
    return entry.recipients().stream()
        .map(
            fate ->
                fate.status()
                    + " "
                    + fate.address()
                    + fate.original().map(original -> " for " + original).orElse(""))
        .sorted()
        .toList();
  }

  private List<String> inReceipt(Sent sent) {
    return ReceiptMail.of(new ReceiptBox(world).assertOneFinal(sent)).rows().stream()
        .map(row -> row.status() + " " + row.recipient())
        .sorted()
        .toList();
  }

  @Test
  void addressesThatPostfixCannotPrint() {
    world.one().at("müller@one.test", Script.permanent());
    world.one().at("grün@one.test", Script.temporary(1));

    Sent sent = send("told+umlaut@home.test", "müller@one.test", "jörg@one.test", "grün@one.test");
    JournalEntry open = world.attempted(sent, "grün@one.test", 1);
    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);

    assertEquals("delayed", open.fate("grün@one.test").status());
    assertEquals(
        List.of("failed müller@one.test", "relayed grün@one.test", "relayed jörg@one.test"),
        fates(entry));
    assertEquals(fates(entry), inReceipt(sent));
  }

  @Test
  void aRelayForUnknownUsers() {
    Sent sent = send("told+luser@home.test", "unknownx@local.test", "plain@one.test");

    JournalEntry entry = world.settled(sent);

    assertEquals(
        List.of("delivered games@local.test for unknownx@local.test", "relayed plain@one.test"),
        fates(entry));
    assertEquals(List.of("delivered games@local.test", "relayed plain@one.test"), inReceipt(sent));
  }

  @Test
  void aRouteInTheMailboxName() {
    world.two().at("no@two.test", Script.permanent());
    world.two().at("busy@two.test", Script.temporary(1));

    Sent sent =
        send(
            "told+route@home.test",
            "bob%one.test@local.test",
            "\"c d@one.test\"@local.test",
            "no%two.test@local.test",
            "busy%two.test@local.test");
    world.attempted(sent, "busy@two.test", 1);
    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);

    assertEquals(
        List.of(
            "failed no@two.test for no%two.test@local.test",
            "relayed \"c d\"@one.test for \"c d@one.test\"@local.test",
            "relayed bob@one.test for bob%one.test@local.test",
            "relayed busy@two.test for busy%two.test@local.test"),
        fates(entry));
    assertEquals(4, inReceipt(sent).size());
  }

  @Test
  void aRedirectionByAnAccessTable() {
    Sent sent = send("told+moved@home.test", "moved@one.test");

    assertEquals(List.of("relayed new@two.test for moved@one.test"), fates(world.settled(sent)));
    assertEquals(List.of("relayed new@two.test"), inReceipt(sent));
  }

  /** Its targets are told as ever: here there is nothing but its expansion. */
  @Test
  void anAliasOfLocalStaysAnAlias() {
    Sent sent = send("ada@home.test", "lteam@local.test");
    world.awaitQueueEmptyOf(sent);

    assertEquals(List.of("expanded lteam@local.test"), fates(world.settled(sent)));
  }

  @Test
  void allOfThemAtOnceAreEachToldOnce() {
    List<String> all =
        List.of("jürgen@one.test", "unknowny@local.test", "eve%two.test@local.test", "ok@one.test");

    Sent sent = world.send(Letter.from("told+all@home.test").toAll(all));

    assertEquals(all.size(), world.settled(sent).recipients().size());
    assertEquals(all.size(), inReceipt(sent).size());
  }
}
