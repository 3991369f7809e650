package org.mailjournal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReductionTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final MessageKey KEY =
      new MessageKey("mail.example.org", new QueueId("51E02514002"), NOON);

  private static final String SUSPENDED = "delivery temporarily suspended: ";

  private final List<RecordedEvent> events = new ArrayList<>();

  @Test
  void nothingIsKnownOfAMessageThatWasNotReceived() {
    happened(outcome("a@one.test", Status.RELAYED, Source.PASS));

    assertEquals(Optional.empty(), Reduction.of(events));
  }

  @Test
  void anAcceptedRecipientIsQueuedAndNoMore() {
    received(marked("a@one.test"));

    RecipientState a = only();
    assertEquals(Status.QUEUED, a.status());
    assertEquals(0, a.attempts());
    assertEquals(NOON, a.at());
  }

  @Test
  void delaysAreCountedAndTheLastReplyStands() {
    received(marked("a@one.test"));
    happened(delayed("a@one.test", "451 4.7.1 greylisted", "pass 1"));
    happened(delayed("a@one.test", "451 4.7.1 still greylisted", "pass 2"));

    RecipientState a = only();
    assertEquals(Status.DELAYED, a.status());
    assertEquals(2, a.attempts());
    assertEquals(Optional.of("451 4.7.1 still greylisted"), a.reply());
  }

  @Test
  void theFinalReplyNamesTheFarQueueId() {
    received(marked("a@one.test"));
    happened(outcome("a@one.test", Status.RELAYED, Source.PASS));

    assertEquals(Optional.of("9F8E7D"), only().remoteQueueId());
  }

  @Test
  void aLateBounceDoesNotUndoWhatTheExchangerSaid() {
    received(marked("a@one.test"));
    happened(outcome("a@one.test", Status.RELAYED, Source.PASS));
    happened(outcome("a@one.test", Status.FAILED, Source.REPORT));

    assertEquals(Status.RELAYED, only().status());
  }

  @Test
  void aFarReportOfDeliveryIsMoreThanRelayed() {
    received(marked("a@one.test"));
    happened(outcome("a@one.test", Status.RELAYED, Source.PASS));
    happened(outcome("a@one.test", Status.DELIVERED, Source.REPORT));

    assertEquals(Status.DELIVERED, only().status());
  }

  @Test
  void knowledgeReplacesUnreportedButUnreportedReplacesNoKnowledge() {
    received(marked("a@one.test"), marked("b@one.test"));
    happened(unreported("a@one.test"));
    happened(outcome("a@one.test", Status.RELAYED, Source.PASS));
    happened(outcome("b@one.test", Status.FAILED, Source.PASS));
    happened(unreported("b@one.test"));

    assertEquals(List.of(Status.RELAYED, Status.FAILED), statuses());
  }

  @Test
  void anAliasIsExpandedAndItsTargetsStandBesideIt() {
    received(marked("info@one.test"));
    happened(outcome("t@two.test", "info@one.test", Status.FAILED));
    happened(outcome("info@one.test", Status.EXPANDED, Source.PASS));

    assertEquals(List.of("info@one.test", "t@two.test"), addresses());
    assertEquals(List.of(Status.EXPANDED, Status.FAILED), statuses());
  }

  @Test
  void aRecipientUnderAnotherNameIsShownOnceUnderIt() {
    received(marked("a@old.test"));
    happened(outcome("a@new.test", "a@old.test", Status.RELAYED));

    assertEquals(List.of("a@new.test"), addresses());
    assertEquals(Optional.of(new Address("a@old.test")), only().recipient().original());
  }

  @Test
  void anUnmarkedRecipientStaysInSightBesideItsTargets() {
    received(unmarked("info@one.test"));
    happened(outcome("t@two.test", "info@one.test", Status.FAILED));

    assertEquals(List.of(Status.QUEUED, Status.FAILED), statuses());
  }

  @Test
  void refusedAndLaterAcceptedIsAccepted() {
    received(
        List.of(marked("a@one.test")),
        List.of(rejected("a@one.test", "450 4.7.1 later"), rejected("b@one.test", "550 5.1.1 no")));

    assertEquals(List.of(Status.QUEUED, Status.REJECTED), statuses());
  }

  @Test
  void addressesThatDifferInTheDomainsCaseAreOneRecipient() {
    received(marked("a@One.Test"));
    happened(outcome("a@one.test", Status.RELAYED, Source.PASS));

    assertEquals(Status.RELAYED, only().status());
  }

  @Test
  void theMessageIsFinishedWhenTheMtaIsDoneWithAll() {
    received(marked("a@one.test"), marked("b@one.test"));
    happened(outcome("a@one.test", Status.RELAYED, Source.PASS));
    boolean before = state().isFinished();
    happened(outcome("b@one.test", Status.FAILED, Source.PASS));

    assertEquals(List.of(false, true), List.of(before, state().isFinished()));
  }

  @Test
  void whatExpiresIsPutOffAndFailsByOneAttempt() {
    received(marked("a@one.test"));
    happened(delayed("a@one.test", "451 4.7.1 greylisted", "pass 1"));
    happened(delayed("a@one.test", "451 4.7.1 greylisted", "pass 2"));
    happened(putOff(Status.FAILED, "(expired, returned to sender)", "pass 2"));

    assertEquals(Status.FAILED, only().status());
    assertEquals(2, only().attempts());
  }

  @Test
  void whoIsPutOffWithOthersWasNotTried() {
    received(marked("a@one.test"));
    happened(putOff(Status.DELAYED, "connect to mx[192.0.2.1]:25: refused", "pass 1"));
    happened(putOff(Status.DELAYED, SUSPENDED + "connect to mx[192.0.2.1]:25: refused", "pass 2"));
    int delayed = only().attempts();
    happened(putOff(Status.FAILED, SUSPENDED + "connect to … (expired)", "pass 2"));

    assertEquals(1, delayed);
    assertEquals(1, only().attempts());
  }

  @Test
  void theSameNewsHasTheSameIdentityWheneverItComes() {
    Event first = delayed("a@one.test", "451 4.7.1 greylisted", "pass 1");
    Event again = delayed("a@One.TEST", "451 4.7.1 greylisted", "pass 1");
    Event later = delayed("a@one.test", "451 4.7.1 greylisted", "pass 2");

    assertEquals(first.identity(), again.identity());
    assertTrue(!first.identity().equals(later.identity()));
  }

  private MessageState state() {
    return Reduction.of(events).orElseThrow();
  }

  private RecipientState only() {
    assertEquals(1, state().recipients().size());
    return state().recipients().get(0);
  }

  private List<Status> statuses() {
    return state().recipients().stream().map(RecipientState::status).toList();
  }

  @Test
  void aRecipientWhomSendmailRewroteAtOnceIsOneUnderItsNewName() {
    received(List.of(rewritten("virtual@local.test", "real@two.test")), List.of());

    assertEquals(List.of("real@two.test"), addresses());
    RecipientState state = state().recipients().get(0);
    assertEquals(Optional.of(new Address("virtual@local.test")), state.recipient().original());
    assertEquals(Status.QUEUED, state.status());
    assertEquals(Optional.of("esmtp"), state.mailer());
  }

  @Test
  void whoWasRefusedAndThenTakenUnderAnotherNameIsTaken() {
    received(
        List.of(rewritten("virtual@local.test", "real@two.test")),
        List.of(rejected("virtual@local.test", "450 4.7.1 try again")));

    assertEquals(List.of("real@two.test"), addresses());
  }

  private static Event.Accepted rewritten(String address, String other) {
    return new Event.Accepted(
        new Address(address),
        Asked.DEFAULT,
        Optional.empty(),
        Optional.of("esmtp"),
        false,
        Optional.of(new Address(other)));
  }

  private List<String> addresses() {
    return state().recipients().stream().map(r -> r.recipient().address().text()).toList();
  }

  private void happened(Event event) {
    events.add(new RecordedEvent(events.size() + 1, event));
  }

  private void received(Event.Accepted... accepted) {
    received(List.of(accepted), List.of());
  }

  private void received(List<Event.Accepted> accepted, List<Event.Rejected> rejected) {
    happened(
        new Event.Received(
            NOON,
            Source.MILTER,
            KEY,
            Optional.of(new MessageId("x@y")),
            new Address("games@local.test"),
            Optional.empty(),
            Client.UNKNOWN,
            399,
            List.of(),
            accepted,
            rejected));
  }

  private static Event.Accepted marked(String address) {
    return new Event.Accepted(
        new Address(address), Asked.DEFAULT, Optional.empty(), Optional.of("smtp"), true);
  }

  private static Event.Accepted unmarked(String address) {
    return new Event.Accepted(
        new Address(address), Asked.DEFAULT, Optional.empty(), Optional.empty(), false);
  }

  private static Event.Rejected rejected(String address, String text) {
    return new Event.Rejected(new Address(address), EnhancedStatus.ofReply(text), text);
  }

  private static Event outcome(String address, Status status, Source source) {
    return new Event.Outcome(
        NOON.plusSeconds(1),
        source,
        KEY,
        Recipient.of(new Address(address)),
        status,
        Optional.empty(),
        Remote.NONE,
        Optional.of("250 2.0.0 Ok: queued as 9F8E7D"),
        Optional.empty(),
        "");
  }

  private static Event outcome(String address, String original, Status status) {
    return new Event.Outcome(
        NOON.plusSeconds(1),
        Source.PASS,
        KEY,
        new Recipient(new Address(address), Optional.of(new Address(original))),
        status,
        Optional.empty(),
        Remote.NONE,
        Optional.empty(),
        Optional.empty(),
        "");
  }

  private static Event delayed(String address, String reply, String attempt) {
    return new Event.Outcome(
        NOON.plusSeconds(1),
        Source.PASS,
        KEY,
        Recipient.of(new Address(address)),
        Status.DELAYED,
        EnhancedStatus.ofReply(reply),
        Remote.NONE,
        Optional.of(reply),
        Optional.empty(),
        attempt);
  }

  private static Event putOff(Status status, String reason, String attempt) {
    return new Event.Outcome(
        NOON,
        Source.PASS,
        KEY,
        Recipient.of(new Address("a@one.test")),
        status,
        Optional.empty(),
        Remote.NONE,
        Optional.empty(),
        Optional.of(reason),
        attempt);
  }

  private static Event unreported(String address) {
    return new Event.Unreported(
        NOON.plusSeconds(1),
        Source.PASS,
        KEY,
        Recipient.of(new Address(address)),
        "no record of it exists");
  }
}
