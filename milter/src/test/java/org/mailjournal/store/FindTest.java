package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Status;

class FindTest extends JournalCase {
  @Test
  void textFindsAMessageByEachOfItsNames() throws Exception {
    Event.Received mail =
        Mails.mail("A1", Mails.NOON)
            .id("<4B618D6A.2070804@example.NET>")
            .from("Alice@example.net")
            .to("bob@example.com", "list@example.org")
            .refused("nobody@example.com")
            .received();
    Recipient member =
        new Recipient(new Address("carol@home"), Optional.of(new Address("list@example.org")));
    record(
        mail,
        Mails.relayed(mail, "bob@example.com", "51E02514002"),
        Mails.outcome(mail, member, Status.RELAYED, "250 2.0.0 Ok: queued as 77AA"));
    record(Mails.mail("B2", Mails.NOON).id("<other@example.NET>").from("zoe@x").received());
    for (String text :
        List.of(
            "4B618D6A.2070804@example.NET",
            "<4B618D6A.2070804@example.NET>",
            "4B618D6A.2070804",
            "A1",
            mail.message().id(),
            "51E02514002",
            "77AA",
            "Alice@EXAMPLE.net",
            "<Alice@example.net>",
            "carol@home",
            "list@example.ORG",
            "nobody@example.com")) {
      assertEquals(List.of("A1"), found(Query.text(text)), text);
    }
    for (String text :
        List.of(
            "4B618D6A.2070804@example.net", "a1", "4B618D6A", "alice@example.net", "B", "", "@")) {
      assertEquals(List.of(), found(Query.text(text)), text);
    }
  }

  @Test
  void anInternationalizedDomainIsFoundInBothForms() throws Exception {
    record(Mails.mail("A1", Mails.NOON).from("a@b\u00fccher.example").to("c@d").received());
    record(
        Mails.mail("B2", Mails.NOON.plusSeconds(1))
            .from("a@b")
            .to("c@xn--bcher-kva.example")
            .received());
    for (String domain : List.of("b\u00fccher.example", "XN--Bcher-kva.EXAMPLE")) {
      assertEquals(List.of("A1"), found(Query.text("a@" + domain)), domain);
      assertEquals(List.of("A1"), found(new Criteria().sender("a@" + domain).query()), domain);
      assertEquals(List.of("B2"), found(Query.text("c@" + domain)), domain);
      assertEquals(
          List.of("B2"),
          found(new Criteria().recipient("c@" + domain).status(Status.QUEUED).query()),
          domain);
    }
    assertEquals(List.of(), found(Query.text("A@b\u00fccher.example")));
  }

  @Test
  void aLeftPartWithAnAtSignIsFoundWholeAndLeft() throws Exception {
    record(Mails.mail("A1", Mails.NOON).id("<x@y@z>").received());
    record(Mails.mail("B2", Mails.NOON).id("<x@y>").received());
    assertEquals(List.of("B2", "A1"), found(Query.text("x@y")));
    assertEquals(List.of("A1"), found(Query.text("x@y@z")));
    assertEquals("B2", journal.message("x@y").orElseThrow().key().queueId().text());
  }

  @Test
  void theRemoteQueueIdIsFoundAfterAFarReportOfDelivery() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    Event.Outcome relayed = Mails.relayed(mail, "bob@example.com", "D4");
    record(
        mail,
        relayed,
        new Event.Outcome(
            relayed.at(),
            org.mailjournal.journal.Source.REPORT,
            relayed.message(),
            relayed.recipient(),
            Status.DELIVERED,
            Optional.empty(),
            org.mailjournal.journal.Remote.NONE,
            Optional.empty(),
            Optional.empty(),
            ""));
    assertEquals(List.of("A1"), found(new Criteria().remote("D4").query()));
  }

  @Test
  void theNullSenderIsFound() throws Exception {
    record(Mails.mail("A1", Mails.NOON).from("").received());
    record(Mails.mail("B2", Mails.NOON).received());
    assertEquals(List.of("A1"), found(new Criteria().sender("").query()));
  }

  @Test
  void newestComeFirstThoughTheClockWasSetBack() throws Exception {
    record(Mails.mail("A1", Mails.NOON.plusSeconds(100)).received());
    record(Mails.mail("B2", Mails.NOON).received());
    record(Mails.mail("C3", Mails.NOON.plusSeconds(50)).received());
    assertEquals(List.of("A1", "C3", "B2"), found(Query.all()));
    assertEquals(List.of("A1", "C3"), found(new Criteria().limit(2).query()));
    assertEquals(
        List.of("A1", "C3", "B2"), found(new Criteria().recipient("bob@example.com").query()));
  }

  @Test
  void sinceIsInclusiveAndUntilIsNot() throws Exception {
    for (int i = 0; i < 5; i++) {
      record(Mails.mail("N" + i, Mails.NOON.plusMillis(i)).received());
    }
    Criteria middle =
        new Criteria().since(Mails.NOON.plusMillis(1)).until(Mails.NOON.plusMillis(3));
    assertEquals(List.of("N2", "N1"), found(middle.query()));
    assertEquals(List.of("N2"), found(middle.limit(1).query()));
    assertEquals(List.of("N2", "N1"), found(middle.limit(9).recipient("bob@example.com").query()));
  }

  @Test
  void allThatIsAskedMustHold() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).id("<i@j>").from("a@b").to("c@d").received();
    record(mail, Mails.relayed(mail, "c@d", "D4"));
    assertEquals(List.of("A1"), found(full().query()));
    assertEquals(List.of(), found(full().sender("x@b").query()));
    assertEquals(List.of(), found(full().recipient("x@d").query()));
    assertEquals(List.of(), found(full().remote("D5").query()));
    assertEquals(List.of(), found(full().status(Status.FAILED).query()));
    assertEquals(List.of(), found(full().since(Mails.NOON.plusMillis(1)).query()));
  }

  @Test
  void recipientAndStatusMustHoldForTheSameRecipient() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).to("bob@x", "eve@x").received();
    record(
        mail,
        Mails.relayed(mail, "bob@x", "D4"),
        Mails.outcome(mail, "eve@x", Status.FAILED, "550 5.1.1 no"));
    assertEquals(
        List.of("A1"), found(new Criteria().recipient("eve@x").status(Status.FAILED).query()));
    assertEquals(List.of(), found(new Criteria().recipient("bob@x").status(Status.FAILED).query()));
    assertEquals(List.of("A1"), found(new Criteria().status(Status.FAILED).query()));
  }

  @Test
  void aStatusIsThePresentOne() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    record(mail, Mails.outcome(mail, "bob@example.com", Status.DELAYED, "450 4.2.0 wait"));
    assertEquals(List.of("A1"), found(new Criteria().status(Status.DELAYED).query()));
    record(Mails.relayed(mail, "bob@example.com", "D4"));
    assertEquals(List.of(), found(new Criteria().status(Status.DELAYED).query()));
    assertEquals(List.of("A1"), found(new Criteria().status(Status.RELAYED).query()));
  }

  @Test
  void aRareConditionIsFoundBehindManyOthers() throws Exception {
    List<Event> events = new ArrayList<>();
    Event.Received wanted = Mails.mail("WANTED", Mails.NOON).from("rare@x").received();
    events.add(wanted);
    for (int i = 1; i < 3000; i++) {
      events.add(Mails.mail("N" + i, Mails.NOON.plusMillis(i)).received());
    }
    journal.record(events).get();
    assertEquals(
        List.of("WANTED"),
        found(new Criteria().sender("rare@x").recipient("bob@example.com").query()));
    assertEquals(
        3000, found(new Criteria().recipient("bob@example.com").limit(5000).query()).size());
  }

  @Test
  void aReferenceNamesTheNewest() throws Exception {
    record(Mails.mail("A1", Mails.NOON).id("<i@j>").received());
    record(Mails.mail("A1", Mails.NOON.plusSeconds(1)).id("<i@j>").received());
    Instant newest = Mails.NOON.plusSeconds(1);
    for (String reference : List.of("A1", "<i@j>", "i@j", "i", Mails.key("A1", newest).id())) {
      assertEquals(newest, journal.message(reference).orElseThrow().key().receivedAt(), reference);
    }
    String oldest = Mails.key("A1", Mails.NOON).id();
    assertEquals(Mails.NOON, journal.message(oldest).orElseThrow().key().receivedAt());
    assertEquals(Optional.empty(), journal.message("bob@example.com"));
  }

  @Test
  void inQueueIsTheNewestThatIsNotOlderThanTheArrival() throws Exception {
    record(Mails.mail("A1", Mails.NOON).received());
    record(Mails.mail("A1", Mails.NOON.plusSeconds(100)).received());
    QueueId id = new QueueId("A1");
    Optional<Instant> arrival = Optional.of(Mails.NOON.plusSeconds(100).plusNanos(999_000));
    assertEquals(
        Mails.NOON.plusSeconds(100), journal.inQueue(id, arrival).orElseThrow().key().receivedAt());
    assertEquals(
        Mails.NOON.plusSeconds(100),
        journal.inQueue(id, Optional.empty()).orElseThrow().key().receivedAt());
    assertEquals(Optional.empty(), journal.inQueue(id, Optional.of(Mails.NOON.plusSeconds(101))));
  }

  private void record(Event... events) throws Exception {
    journal.record(List.of(events)).get();
  }

  private List<String> found(Query query) {
    return journal.find(query).stream().map(FindTest::queueId).toList();
  }

  private static String queueId(MessageState state) {
    return state.key().queueId().text();
  }

  private static Criteria full() {
    return new Criteria()
        .sender("a@B")
        .recipient("c@D")
        .remote("D4")
        .status(Status.RELAYED)
        .since(Mails.NOON);
  }

  /** A query, part by part. */
  private static final class Criteria {
    private Optional<String> remote = Optional.empty();
    private Optional<Address> sender = Optional.empty();
    private Optional<Address> recipient = Optional.empty();
    private Optional<Status> status = Optional.empty();
    private Optional<Instant> since = Optional.empty();
    private Optional<Instant> until = Optional.empty();
    private int limit = 100;

    Criteria remote(String id) {
      remote = Optional.of(id);
      return this;
    }

    Criteria sender(String address) {
      sender = Optional.of(new Address(address));
      return this;
    }

    Criteria recipient(String address) {
      recipient = Optional.of(new Address(address));
      return this;
    }

    Criteria status(Status wanted) {
      status = Optional.of(wanted);
      return this;
    }

    Criteria since(Instant moment) {
      since = Optional.of(moment);
      return this;
    }

    Criteria until(Instant moment) {
      until = Optional.of(moment);
      return this;
    }

    Criteria limit(int most) {
      limit = most;
      return this;
    }

    Query query() {
      return new Query(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          remote,
          sender,
          recipient,
          status,
          since,
          until,
          limit);
    }
  }
}
