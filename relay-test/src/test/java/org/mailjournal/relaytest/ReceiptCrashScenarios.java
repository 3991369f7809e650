package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mailjournal.relaytest.SubmissionDoor.Moment;

/**
 * The daemon is killed (SIGKILL) while an interim receipt and a final one are on their way, and
 * started again: their senders have each of them once.
 */
interface ReceiptCrashScenarios {
  /** Of a world whose MTA takes receipts behind this door. */
  static String[] configuration(SubmissionDoor door) {
    return new String[] {
      "postfix.audit = 1s",
      "receipts.give = always",
      "receipts.domains = [ home.test ]",
      "receipts.patience = 3s",
      "receipts.submit = \"127.0.0.1:" + door.port() + "\""
    };
  }

  World world();

  SubmissionDoor door();

  @ParameterizedTest
  @EnumSource(Moment.class)
  default void killedOnTheWay(Moment moment) {
    String tag = "+" + moment.name().toLowerCase(Locale.ROOT) + "@home.test";
    String later = "later-" + moment + "@one.test";
    world().one().at(later, Script.temporary(1_000_000));
    door().holdAt(moment);
    Sent waits = world().send(Letter.from("waits" + tag).to(later));
    awaitStep(waits, moment == Moment.NEVER ? "receipt-sent" : "receipt-due", "interim");
    Sent done = world().send(Letter.from("done" + tag).to("now-" + moment + "@one.test"));
    awaitOnTheWay(done, moment);
    if (moment == Moment.BEFORE_THE_REPLY || moment == Moment.NEVER) {
      awaitDelivered(waits, done);
    }

    world().daemon().kill();
    door().holdNoMore();
    world().daemon().start();

    awaitStep(waits, "receipt-sent", "interim");
    awaitStep(done, "receipt-sent", "final");
    world().one().at(later, Script.accept());
    awaitStep(waits, "receipt-sent", "final");
    assertOneEach(waits, List.of("interim", "final"));
    assertOneEach(done, kinds(done, "receipt-due"));
  }

  /**
   * Both are where they are to be. On a slow machine the second letter's sender may have run out of
   * patience as well: then it is that receipt.
   */
  private void awaitOnTheWay(Sent done, Moment moment) {
    switch (moment) {
      case NEVER -> awaitStep(done, "receipt-sent", "final");
      case BEFORE_THE_CONNECTION ->
          world()
              .await(World.queueId(done), "receipt due", e -> !kinds(e, "receipt-due").isEmpty());
      default -> Awaitility.await("two are held").until(() -> door().held() == 2);
    }
  }

  /** A relay that is killed between next hop and sendmail doubles any mail, this too. */
  private void awaitDelivered(Sent waits, Sent done) {
    Awaitility.await("both receipts are where they go, and nowhere else")
        .until(
            () ->
                !mails(waits.letter().sender()).isEmpty()
                    && !mails(done.letter().sender()).isEmpty()
                    && Set.of(World.queueId(waits)).containsAll(world().mta().queue()));
  }

  private void awaitStep(Sent sent, String step, String receipt) {
    world()
        .await(
            World.queueId(sent),
            step + " " + receipt,
            entry -> {
              boolean there = kinds(entry, step).contains(receipt);
              if (!there && world().daemon().isAlive()) {
                world().mta().runQueue();
              }
              return there;
            });
  }

  private List<String> kinds(Sent sent, String step) {
    return kinds(world().entry(sent), step);
  }

  private static List<String> kinds(JournalEntry entry, String step) {
    return entry.events().stream()
        .filter(event -> event.kind().equals(step))
        .map(event -> event.receipt().orElse(""))
        .toList();
  }

  /** In the mailbox, under the Message-IDs of the intentions. */
  private void assertOneEach(Sent sent, List<String> receipts) {
    String mailbox = sent.letter().sender();
    Awaitility.await("receipts for " + mailbox)
        .until(
            () -> {
              world().mta().runQueue();
              return mails(mailbox).size() >= receipts.size();
            });
    Sent later = world().send(Letter.from("later+" + mailbox).to("after@one.test"));
    awaitStep(later, "receipt-sent", "final");

    assertEquals(receipts, kinds(sent, "receipt-due"));
    assertEquals(receipts, kinds(sent, "receipt-sent"));
    List<String> ids = mails(mailbox).stream().map(Exchanger.Received::messageId).toList();
    assertEquals(receipts.size(), ids.size(), ids::toString);
    assertEquals(receipts.size(), ids.stream().distinct().count(), ids::toString);
    String events = world().journal().run("show", "--json", World.queueId(sent)).out();
    ids.forEach(
        id -> assertTrue(events.contains(id.substring(1, id.indexOf('@'))), () -> id + events));
    mails(mailbox)
        .forEach(
            mail ->
                assertEquals(
                    Optional.of("auto-replied"),
                    Headers.first(mail.content().toArray(), "Auto-Submitted")));
  }

  private List<Exchanger.Received> mails(String mailbox) {
    return world().home().received(mailbox);
  }
}
