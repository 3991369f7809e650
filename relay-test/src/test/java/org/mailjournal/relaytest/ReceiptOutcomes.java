package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Bytes;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.Mta.Ability;
import org.mailjournal.relaytest.ReceiptMail.Row;
import org.mailjournal.relaytest.ReceiptMail.Told;

/**
 * What a sender who logged in reads in his receipts, for every outcome of the other scenarios: what
 * the journal says, which in its turn is held against the MTA's log.
 */
interface ReceiptOutcomes {
  World world();

  private ReceiptBox box() {
    return new ReceiptBox(world());
  }

  /** The letter of a sender with a mailbox of his own. */
  private static Letter letter(String tag, String... recipients) {
    return Letter.from(World.USER + "+" + tag + "@home.test")
        .field("X-Confirm-Delivery: yes")
        .toAll(List.of(recipients));
  }

  private Sent send(Letter letter) {
    world().require(Ability.AUTH);
    try (SmtpClient client = world().loggedIn()) {
      return world().accepted(Sent.over(client, letter));
    }
  }

  /** Sends it and checks its one receipt. */
  private JournalEntry told(Letter letter) {
    return told(send(letter));
  }

  private JournalEntry told(Sent sent) {
    ReceiptMail receipt = ReceiptMail.of(box().assertOneFinal(sent));
    JournalEntry entry = world().settled(sent);
    assertEquals(rowsOf(entry), receipt.rows().stream().sorted(ReceiptOutcomes::byName).toList());
    assertEquals(toldBy(entry), receipt.told());
    assertEquals(box().steps(sent, "receipt-due"), box().steps(sent, "receipt-sent"));
    world().askOracle();
    return entry;
  }

  private static int byName(Row one, Row other) {
    return one.recipient().compareTo(other.recipient());
  }

  private static List<Row> rowsOf(JournalEntry entry) {
    return entry.recipients().stream()
        .map(fate -> new Row(fate.address(), action(fate), fate.status()))
        .sorted(ReceiptOutcomes::byName)
        .toList();
  }

  /** RFC 3464 section 2.3.3 has no word for what nobody knows; {@code delayed} claims least. */
  private static String action(Fate fate) {
    return switch (fate.status()) {
      case "rejected" -> "failed";
      case "unreported", "queued" -> "delayed";
      default -> fate.status();
    };
  }

  private static List<Told> toldBy(JournalEntry entry) {
    return entry.events().stream().flatMap(news -> Told.of(news).stream()).toList();
  }

  private static void assertStatus(String expected, JournalEntry entry, String recipient) {
    assertEquals(expected, entry.fate(recipient).status(), entry::toString);
  }

  @Test
  default void ofEveryOutcomeInOneMessage() {
    world()
        .one()
        .at("told-busy@one.test", Script.temporary(1))
        .at("told-no@one.test", Script.permanent());
    Sent sent = send(letter("mix", "told-ok@one.test", "told-busy@one.test", "told-no@one.test"));
    world().attempted(sent, "told-busy@one.test", 1);
    world().mta().runQueue();

    JournalEntry entry = told(sent);

    assertStatus("relayed", entry, "told-ok@one.test");
    assertStatus("relayed", entry, "told-busy@one.test");
    assertStatus("failed", entry, "told-no@one.test");
  }

  @Test
  default void ofContentThatIsRefused() {
    world().two().at("told-content@two.test", Script.permanentAtData());

    assertStatus(
        "failed", told(letter("content", "told-content@two.test")), "told-content@two.test");
  }

  @Test
  default void ofTwoDeferralsBeforeSuccess() {
    world().one().at("told-thrice@one.test", Script.temporary(2));
    Sent sent = send(letter("thrice", "told-thrice@one.test"));
    world().attempted(sent, "told-thrice@one.test", 1);
    world().mta().runQueue();
    world().attempted(sent, "told-thrice@one.test", 2);
    world().mta().runQueue();

    assertEquals(3, told(sent).fate("told-thrice@one.test").attempts());
  }

  @Test
  default void ofAConnectionThatIsDroppedBehindTheFinalDot() {
    world().two().at("told-dropped@two.test", Script.drop(Stage.DOT).times(1));
    Sent sent = send(letter("dropped", "told-dropped@two.test"));
    world().attempted(sent, "told-dropped@two.test", 1);
    world().mta().runQueue();

    assertStatus("relayed", told(sent), "told-dropped@two.test");
  }

  @Test
  default void ofARecipientNamedTwice() {
    assertEquals(
        1, told(letter("twin", "told-twin@one.test", "told-twin@ONE.test")).recipients().size());
  }

  @Test
  default void ofARecipientThatTheMtaRefuses() {
    JournalEntry entry = told(letter("stranger", "told-taken@one.test", "stranger@local.test"));

    assertStatus("relayed", entry, "told-taken@one.test");
    assertStatus("rejected", entry, "stranger@local.test");
  }

  @Test
  default void ofAHundredRecipients() {
    String[] crowd =
        IntStream.range(0, 100)
            .mapToObj("told-crowd%02d@one.test"::formatted)
            .toArray(String[]::new);

    assertEquals(100, told(letter("crowd", crowd)).recipients().size());
  }

  @Test
  default void ofALocalMailbox() {
    world().require(Ability.LOCAL_MAILBOX);
    String recipient = "games@" + world().localDomain();

    String status = told(letter("local", recipient)).fate(recipient).status();

    // Sendmail's own mailer tells nobody what it did.
    assertEquals(world().mta() instanceof RealSendmail ? "unreported" : "delivered", status);
  }

  @Test
  default void ofAVirtualAlias() {
    world().require(Ability.VIRTUAL_ALIAS);
    world().one().at("many-busy@one.test", Script.temporary(1));
    world().two().at("many-no@two.test", Script.permanent());
    Sent sent = send(letter("virtual", "many@alias.test", "solo@alias.test"));
    world()
        .await(
            World.queueId(sent),
            "many-busy delayed",
            e -> e.fates("many-busy@one.test").stream().anyMatch(f -> f.attempts() == 1));
    world().mta().runQueue();

    JournalEntry entry = told(sent);

    assertStatus("expanded", entry, "many@alias.test");
    assertStatus("failed", entry, "many-no@two.test");
    assertStatus("unreported", entry, "solo-target@one.test");
  }

  /** On sendmail what goes on to others is out of sight at once, so the receipt may come first. */
  @Test
  default void ofALocalAliasAndAForwardFile() {
    world().require(Ability.LOCAL_ALIAS);
    world().require(Ability.FORWARD_FILE);
    List<String> named = List.of("list@" + world().localDomain(), "news@" + world().localDomain());
    Sent sent = send(letter("alias", named.toArray(String[]::new)));

    ReceiptMail receipt = ReceiptMail.of(box().assertOneFinal(sent));

    JournalEntry entry = world().settled(sent);
    assertTrue(rowsOf(entry).containsAll(receipt.rows()), receipt::toString);
    for (String recipient : named) {
      String status = entry.fate(recipient).status();
      assertTrue(Set.of("expanded", "unreported").contains(status), entry::toString);
      assertTrue(receipt.rows().stream().anyMatch(row -> row.recipient().equals(recipient)));
    }
    world().awaitQueueEmptyOf(sent);
    world().askOracle();
  }

  @Test
  default void ofAnInternationalRecipient() {
    world().require(Ability.SMTPUTF8);

    assertStatus(
        "relayed", told(letter("utf8", "grüße@one.test").with("SMTPUTF8")), "grüße@one.test");
  }

  @Test
  default void ofWordsInManyLinesAndEightBits() {
    world()
        .one()
        .at(
            "told-wordy@one.test",
            Script.answer(Stage.RCPT, Reply.of(550, "5.7.1 no", "5.7.1 no!")))
        .at("told-latin1@one.test", Script.accept(Reply.of(250, "2.0.0 für Sie {id}").as8Bit()))
        .at("told-long@one.test", Script.accept(Reply.long250(2000)));

    assertStatus("failed", told(letter("wordy", "told-wordy@one.test")), "told-wordy@one.test");
    assertStatus("relayed", told(letter("latin1", "told-latin1@one.test")), "told-latin1@one.test");
    assertStatus("relayed", told(letter("long", "told-long@one.test")), "told-long@one.test");
  }

  @Test
  default void ofAMessageWithoutMessageId() {
    JournalEntry entry = told(letter("anonymous", "told-anonymous@one.test").withoutMessageId());

    assertStatus("relayed", entry, "told-anonymous@one.test");
  }

  @Test
  default void underTheNameThatTheSenderGave() {
    Letter letter = letter("orcpt").to("told-orcpt@one.test", "ORCPT=rfc822;Else+2B1@other.test");

    Sent sent = send(letter);

    String content = Bytes.text(box().assertOneFinal(sent).content().toArray());
    assertTrue(content.contains("\r\nOriginal-Recipient: rfc822; Else+1@other.test\r\n"), content);
  }

  @Test
  default void ofASystemThatReportsItself() {
    assertStatus("relayed", told(letter("dsn", "told@dsn.test")), "told@dsn.test");
  }

  /** Both wait at once, for it takes the patience of the receipts. */
  @Test
  default void ofHostsThatDoNotAnswer() {
    Sent down = send(letter("down", "somebody@down.test"));
    Sent half = send(letter("half", "told-half@one.test", "somebody@down.test"));

    box().awaitSent(down, "interim");
    box().awaitSent(half, "interim");

    assertEquals(List.of("somebody@down.test delayed"), interim(down));
    assertEquals(
        List.of("somebody@down.test delayed", "told-half@one.test relayed"), interim(half));
  }

  /** Mail that is tried until it expires; where that takes its time, handed in before the test. */
  default Sent neverTaken() {
    world().one().at("told-never@one.test", Script.temporary(1000));
    return send(letter("never", "told-never@one.test", "told-soon@two.test"));
  }

  @Test
  default void ofMailThatIsGivenUp() {
    world().require(Ability.EXPIRY);
    Sent sent = neverTaken();
    Awaitility.await("expired")
        .atMost(World.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              world().mta().runQueue();
              return world().entry(sent).isSettled();
            });

    JournalEntry entry = told(sent);

    assertStatus("failed", entry, "told-never@one.test");
    assertStatus("relayed", entry, "told-soon@two.test");
  }

  private List<String> interim(Sent sent) {
    Awaitility.await("the interim receipt")
        .atMost(World.PATIENCE)
        .until(() -> box().at(sent.letter().sender()).size() == 1);
    assertEquals(List.of("interim"), box().steps(sent, "receipt-due"));
    return ReceiptMail.of(box().at(sent.letter().sender()).get(0)).rows().stream()
        .map(row -> row.recipient() + " " + row.status())
        .sorted()
        .toList();
  }
}
