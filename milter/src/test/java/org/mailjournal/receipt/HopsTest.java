package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** A message that a content filter brings back. */
class HopsTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final MessageKey FIRST = key("A1");
  private static final MessageKey SECOND = key("B2");
  private static final MessageKey THIRD = key("C3");

  static MessageKey key(String queueId) {
    return new MessageKey("mail.example.org", new QueueId(queueId), NOON);
  }

  static MessageState hop(MessageKey key, List<MessageKey> previous, RecipientState... recipients) {
    return hop(Source.MILTER, key, previous, recipients);
  }

  private static MessageState hop(
      Source source, MessageKey key, List<MessageKey> previous, RecipientState... recipients) {
    return new MessageState(
        key,
        Optional.empty(),
        new Address("ada@example.org"),
        Optional.empty(),
        Client.UNKNOWN,
        100,
        source,
        List.of(),
        previous,
        Set.of(),
        List.of(recipients));
  }

  private static RecipientState relayed(String address, MessageKey next) {
    return recipient(
        address, Status.RELAYED, "250 2.0.0 from MTA: 250 2.0.0 Ok: queued as " + next.queueId());
  }

  private static RecipientState failed(String address) {
    return recipient(address, Status.FAILED, "550 5.1.1 no such user");
  }

  private static RecipientState recipient(String address, Status status, String reply) {
    return new RecipientState(
        Recipient.of(new Address(address)),
        Optional.of(Asked.DEFAULT),
        Optional.empty(),
        status,
        Optional.empty(),
        Remote.NONE,
        Optional.of(reply),
        Optional.empty(),
        1,
        Source.PASS,
        NOON);
  }

  private static List<RecipientState> followed(MessageState first, MessageState... later) {
    List<MessageState> chain = new ArrayList<>(List.of(later));
    chain.add(first);
    return new Hops(chain, Unseen.of(first.key(), chain)).follow(first).recipients();
  }

  @Test
  void aRecipientIsWhereTheLastHopLeftHim() {
    MessageState first = hop(FIRST, List.of(), relayed("bob@example.net", SECOND));
    MessageState second = hop(SECOND, List.of(FIRST), relayed("bob@example.net", THIRD));
    MessageState third = hop(THIRD, List.of(SECOND), failed("bob@example.net"));

    assertEquals(List.of(failed("bob@example.net")), followed(first, first, second, third));
  }

  @Test
  void whatAFilterBehindPipeHandsInAgainIsFollowedByItsRecipients() {
    MessageState first = hop(FIRST, List.of(), piped("bob@x.test"), piped("eve@x.test"));
    MessageState second = hop(SECOND, List.of(FIRST), failed("bob@x.test"));

    assertEquals(
        List.of(failed("bob@x.test"), piped("eve@x.test")), followed(first, first, second));
  }

  private static RecipientState piped(String address) {
    return new RecipientState(
        Recipient.of(new Address(address)),
        Optional.of(Asked.DEFAULT),
        Optional.empty(),
        Status.RELAYED,
        Optional.empty(),
        Remote.NONE,
        Optional.empty(),
        Optional.of("delivery via filter: delivered via filter service"),
        1,
        Source.PASS,
        NOON);
  }

  @Test
  void whomAFilterDoesNotHandInAgainWithTheOthersIsLeftWithTheFilter() {
    RecipientState bob = relayed("bob@x.test", SECOND);
    RecipientState eve = relayed("eve@x.test", SECOND);
    MessageState second = hop(SECOND, List.of(FIRST), failed("bob@x.test"));

    MessageState bobFirst = hop(FIRST, List.of(), bob, eve);
    assertEquals(List.of(failed("bob@x.test"), eve), followed(bobFirst, bobFirst, second));
    MessageState eveFirst = hop(FIRST, List.of(), eve, bob);
    assertEquals(List.of(failed("bob@x.test"), eve), followed(eveFirst, eveFirst, second));
  }

  @Test
  void whomAFilterRenamedIsFollowedUnderTheNewName() {
    MessageState first = hop(FIRST, List.of(), relayed("bob@x.test", SECOND));
    MessageState second = hop(SECOND, List.of(FIRST), failed("robert@x.test"));

    assertEquals(List.of(failed("robert@x.test")), followed(first, first, second));
  }

  @Test
  void theRecipientsOfOneHopAreToldOfOnce() {
    MessageState first =
        hop(FIRST, List.of(), relayed("bob@x.test", SECOND), relayed("eve@x.test", SECOND));
    MessageState second =
        hop(SECOND, List.of(FIRST), failed("bob@x.test"), relayed("eve@x.test", key("Z9")));

    assertEquals(
        List.of(failed("bob@x.test"), relayed("eve@x.test", key("Z9"))),
        followed(first, first, second));
  }

  @Test
  void aHopThatTheJournalDoesNotKnowYetIsTheEndForNow() {
    MessageState first = hop(FIRST, List.of(), relayed("bob@x.test", SECOND));

    assertEquals(List.of(relayed("bob@x.test", SECOND)), followed(first, first));
  }

  @Test
  void aMessageThatOnlyHasTheQueueIdOfTheReplyIsNoHop() {
    MessageState first = hop(FIRST, List.of(), relayed("bob@x.test", SECOND));
    MessageState stranger = hop(SECOND, List.of(), failed("bob@x.test"));

    assertEquals(List.of(relayed("bob@x.test", SECOND)), followed(first, first, stranger));
  }

  @Test
  void whoDidNotGoThroughTheFilterStaysAsHeIs() {
    MessageState first = hop(FIRST, List.of(), failed("eve@x.test"), relayed("bob@x.test", SECOND));
    MessageState second = hop(SECOND, List.of(FIRST), failed("bob@x.test"));

    assertEquals(
        List.of(failed("eve@x.test"), failed("bob@x.test")), followed(first, first, second));
  }

  private static RecipientState added(RecipientState row) {
    return new RecipientState(
        row.recipient(),
        Optional.empty(),
        row.mailer(),
        row.status(),
        row.dsn(),
        row.remote(),
        row.reply(),
        row.reason(),
        row.attempts(),
        row.source(),
        row.at());
  }

  @Test
  void whomTheHopBehindTheFilterAddsTheSenderDoesNotHearOf() {
    MessageState first = hop(FIRST, List.of(), relayed("bob@x.test", SECOND));
    MessageState second =
        hop(SECOND, List.of(FIRST), failed("bob@x.test"), added(failed("archive@x.test")));

    assertEquals(List.of(failed("bob@x.test")), followed(first, first, second));
  }

  @Test
  void whomAFilterHandsOnAsAnybodyElseWasStillAdded() {
    MessageState first =
        hop(
            FIRST,
            List.of(),
            relayed("bob@x.test", SECOND),
            added(relayed("archive@x.test", SECOND)));
    MessageState second =
        hop(SECOND, List.of(FIRST), failed("bob@x.test"), failed("archive@x.test"));

    assertEquals(List.of(failed("bob@x.test")), followed(first, first, second));
  }

  @Test
  void anArchiveToWhichTheSenderWroteHimselfIsToldOf() {
    MessageState first =
        hop(FIRST, List.of(), relayed("bob@x.test", SECOND), relayed("archive@x.test", THIRD));
    MessageState second =
        hop(SECOND, List.of(FIRST), failed("bob@x.test"), added(failed("archive@x.test")));
    MessageState third = hop(THIRD, List.of(FIRST), relayed("archive@x.test", key("Z9")));

    assertEquals(
        List.of(failed("bob@x.test"), relayed("archive@x.test", key("Z9"))),
        followed(first, first, second, third));
  }

  @Test
  void aThousandWhomAFilterRenamedTakeNoLongerThanAThousandOthers() {
    RecipientState[] before = new RecipientState[1_000];
    RecipientState[] after = new RecipientState[1_000];
    for (int i = 0; i < before.length; i++) {
      before[i] = relayed("r" + i + "@x.test", SECOND);
      after[i] = failed("r" + i + "+in@x.test");
    }
    MessageState first = hop(FIRST, List.of(), before);
    MessageState second = hop(SECOND, List.of(FIRST), after);

    assertTimeout(
        Duration.ofSeconds(5), () -> assertEquals(List.of(after), followed(first, first, second)));
  }

  @Test
  void aCircleEnds() {
    MessageState first = hop(FIRST, List.of(SECOND), relayed("bob@x.test", SECOND));
    MessageState second = hop(SECOND, List.of(FIRST), relayed("bob@x.test", FIRST));
    List<MessageState> chain = List.of(first, second);
    Hops hops = new Hops(chain, Unseen.of(FIRST, chain));

    hops.follow(first);

    assertEquals(Set.of(FIRST, SECOND), hops.followed());
  }

  @Test
  void aLaterHopKnowsTheOneBefore() {
    List<MessageState> chain = List.of(hop(FIRST, List.of()), hop(SECOND, List.of(FIRST)));

    assertEquals(Optional.of(FIRST), Hops.before(SECOND, chain));
    assertEquals(Optional.empty(), Hops.before(FIRST, chain));
  }

  /** As behind a header check that says PASS: nobody could grant that hop a receipt. */
  @Test
  void behindAHopThatNoMilterToldOfTheNextOneGivesTheReceipt() {
    List<MessageState> chain =
        List.of(hop(Source.PASS, FIRST, List.of()), hop(SECOND, List.of(FIRST)));

    assertEquals(Optional.empty(), Hops.before(SECOND, chain));
  }
}
