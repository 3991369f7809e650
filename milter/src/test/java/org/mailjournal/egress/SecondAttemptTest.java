package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

/** The MTA comes again with what a next hop has taken: it had not heard of it, or had. */
final class SecondAttemptTest extends RelayCase {
  private static final String C = "c@example.net";
  private static final String D = "d@example.net";
  private static final String TAKEN = "250 2.0.0 Ok: queued as FIRST";
  private static final String SECOND = "250 2.0.0 Ok: queued as SECOND";

  @BeforeEach
  void aHopThatTakesEachMessageUnderAnotherId() throws IOException {
    hop.says("content", TAKEN + "\r\n", SECOND + "\r\n");
    fixture.start();
    fixture.received("Q1", A, B);
  }

  private String mail(String sender, String recipient, String content) throws IOException {
    try (FakeClient client = fixture.client()) {
      return client.mail(sender, recipient, content);
    }
  }

  private String mail() throws IOException {
    return mail(A, B, RelayFixture.message("Q1"));
  }

  private void theRelayIsKilledAndStartsAgain() {
    fixture.close();
    fixture.start();
  }

  private long copies() {
    return hop.contents().size();
  }

  @Test
  void aClientThatLeftUnheardGetsTheSameAnswerAndTheNextHopNoSecondCopy() throws IOException {
    assertEquals(TAKEN, mail());

    assertEquals(TAKEN, mail());

    assertEquals(1, copies());
    assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
    List<Event.Oddity> oddities = fixture.journal.events(Event.Oddity.class);
    assertEquals(1, oddities.size());
    assertTrue(oddities.get(0).problem().contains(TAKEN), oddities.get(0).problem());
    assertEquals("Q1", oddities.get(0).message().orElseThrow().queueId().text());
  }

  @Test
  void aRelayThatWasKilledBeforeItCouldTellTellsItInItsNextLife() throws IOException {
    assertEquals(TAKEN, mail());
    theRelayIsKilledAndStartsAgain();

    assertEquals(TAKEN, mail());

    assertEquals(1, copies());
  }

  @Test
  void whatTheJournalCouldNotTakeIsToldFromTheEmergencyFile() throws IOException {
    fixture.journal.down(true);
    assertEquals(TAKEN, mail());
    fixture.close();
    fixture.journal.down(false);
    fixture.start();

    assertEquals(TAKEN, mail());

    assertEquals(1, copies());
  }

  @Test
  void whatWaitsInTheEmergencyFileIsToldBeforeTheJournalHasTakenIt() throws IOException {
    String other = RelayFixture.message("Q2");
    fixture.journal.down(true);
    assertEquals(TAKEN, mail());
    assertEquals(SECOND, mail(A, B, other));
    theRelayIsKilledAndStartsAgain();

    assertEquals(TAKEN, mail());
    assertEquals(SECOND, mail(A, B, other));

    assertEquals(2, copies());
  }

  @Test
  void aClientThatWentOnHasHeardAndIsDeliveredForWhenItComesAgain() throws IOException {
    try (FakeClient client = fixture.client()) {
      assertEquals(TAKEN, client.mail(A, B, RelayFixture.message("Q1")));
      client.ask("RSET");
    }

    assertEquals(SECOND, mail());

    assertEquals(2, copies());
  }

  @Test
  void whatAClientSentBeforeItWasToldDoesNotShowThatItHasHeard() throws IOException {
    try (FakeClient client = fixture.client()) {
      assertEquals(TAKEN, client.mail(A, B, RelayFixture.message("Q1"), "QUIT\r\n"));
      assertTrue(client.reply().startsWith("221"));
    }

    assertEquals(TAKEN, mail());

    assertEquals(1, copies());
  }

  @Test
  void whatAClientSaysAfterThatShowsIt() throws IOException {
    try (FakeClient client = fixture.client()) {
      assertEquals(TAKEN, client.mail(A, B, RelayFixture.message("Q1"), "NOOP\r\n"));
      assertTrue(client.reply().startsWith("250"));
      client.ask("QUIT");
    }

    assertEquals(SECOND, mail());
  }

  @Test
  void anotherMessageSenderOrRecipientIsNeverTakenForIt() throws IOException {
    fixture.received("Q2", A, B);
    String content = RelayFixture.message("Q1");
    assertEquals(TAKEN, mail());

    mail(A, B, RelayFixture.message("Q2"));
    mail(A, "B@example.net", content);
    mail("A@example.org", B, content);
    mail(A, B, content + "One line more\r\n");

    assertEquals(5, copies());
  }

  @Test
  void aMessageThatWasPutOffIsDelivered() throws IOException {
    hop.close();
    hop = FakeHop.start().says("content", "451 4.3.0 not now\r\n", TAKEN + "\r\n");
    fixture.close();
    fixture = new RelayFixture(directory).route("*", hop).start();
    fixture.received("Q1", A, B);
    assertEquals("451 4.3.0 not now", mail());

    assertEquals(TAKEN, mail());

    assertEquals(2, copies());
  }

  @Test
  void theAnswerComesFromTheJournalAlsoWhenTheNextHopIsGone() throws IOException {
    assertEquals(TAKEN, mail());
    hop.close();

    assertEquals(TAKEN, mail());

    assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
  }

  @Test
  void theNextHopForgetsWhatItGotWithoutAnEnd() throws IOException {
    String big = RelayFixture.message("Q1") + "0123456789\r\n".repeat(5_000);
    assertEquals(TAKEN, mail(A, B, big));

    assertEquals(TAKEN, mail(A, B, big));

    await().until(() -> hop.connections() == 2);
    assertEquals(1, copies());
  }

  @Test
  void aReplyThatWasCutIsAnsweredByItsStatusAndBringsNoSecondCopyEither() throws IOException {
    hop.close();
    hop = FakeHop.start();
    hop.says("content", "250-2.6.0 and so on\r\n".repeat(400) + "250 2.6.0 Ok\r\n");
    fixture.close();
    fixture = new RelayFixture(directory).route("*", hop).start();
    fixture.received("Q1", A, B);
    assertTrue(mail().endsWith("250 2.6.0 Ok"));
    theRelayIsKilledAndStartsAgain();

    assertEquals(
        "250 2.6.0 mail-journal: the next hop said so before, in more words than are kept", mail());

    assertEquals(1, copies());
  }

  private String toBoth(String content) throws IOException {
    try (FakeClient client = fixture.client()) {
      return transaction(client, content, C, B);
    }
  }

  /** By a client that lives to go on, as every MTA does that was told to come again. */
  private String heard(String content, String... recipients) throws IOException {
    try (FakeClient client = fixture.client()) {
      String reply = transaction(client, content, recipients);
      client.ask("RSET");
      return reply;
    }
  }

  private static String transaction(FakeClient client, String content, String... recipients)
      throws IOException {
    client.ask("MAIL FROM:<" + A + ">");
    for (String recipient : recipients) {
      client.ask("RCPT TO:<" + recipient + ">");
    }
    if (!client.ask("DATA").startsWith("354")) {
      return "";
    }
    client.send(content + ".\r\n");
    return client.reply();
  }

  @Test
  void whatIsToldOfManyTakesOneCommit() throws IOException {
    String content = RelayFixture.message("Q9");
    assertEquals(TAKEN, toBoth(content));
    int before = fixture.journal.requests();

    assertEquals(TAKEN, toBoth(content));

    assertEquals(2, fixture.journal.events(Event.Oddity.class).size());
    assertEquals(before + 1, fixture.journal.requests());
  }

  private List<String> asked(String recipient) {
    return hop.commands().stream().filter(c -> c.equals("RCPT TO:<" + recipient + ">")).toList();
  }

  @Test
  void whereSomeHaveItOnlyTheOthersGetIt() throws IOException {
    fixture.received("Q9", A, B, C);
    hop.says("RCPT TO:<" + C, "450 4.2.0 busy\r\n");
    assertEquals(TAKEN, toBoth(RelayFixture.message("Q9")));

    String some = toBoth(RelayFixture.message("Q9"));
    String rest = toBoth(RelayFixture.message("Q9"));

    assertTrue(some.startsWith("451 4.3.0 mail-journal: some recipients have it"), some);
    assertEquals(SECOND, rest);
    assertEquals(2, copies());
    assertEquals(2, asked(B).size());
    assertEquals(3, asked(C).size());
    assertEquals(List.of("FIRST", "SECOND"), remoteIds());
  }

  @Test
  void whoWasToldToComeAgainHasNotHeardOfWhatWasTaken() throws IOException {
    fixture.received("Q9", A, B, C);
    hop.says("RCPT TO:<" + C, "450 4.2.0 busy\r\n");
    assertEquals(TAKEN, toBoth(RelayFixture.message("Q9")));

    String some = heard(RelayFixture.message("Q9"), C, B);
    String rest = heard(RelayFixture.message("Q9"), C, B);

    assertTrue(some.startsWith("451 4.3.0 mail-journal: some recipients have it"), some);
    assertEquals(SECOND, rest);
    assertEquals(2, asked(B).size());
  }

  @Test
  void whoIsHeldStaysSoWhenMoreTurnOutToHaveIt() throws IOException {
    fixture.received("Q9", A, B, C, D);
    hop.says("RCPT TO:<" + C, "450 4.2.0 busy\r\n");
    String content = RelayFixture.message("Q9");
    assertEquals(TAKEN, toBoth(content));
    heard(content, C, B);
    assertEquals(SECOND, toBoth(content));

    String some = heard(content, B, C, D);
    String rest = heard(content, B, C, D);

    assertTrue(some.startsWith("451 4.3.0 mail-journal: some recipients have it"), some);
    assertEquals("250 2.0.0 Ok: queued as 3", rest);
    assertEquals(2, asked(B).size());
    assertEquals(4, asked(C).size());
  }

  private List<String> remoteIds() {
    return fixture.outcomes().stream()
        .filter(o -> o.status() == Status.RELAYED)
        .map(o -> o.remoteQueueId().orElseThrow())
        .toList();
  }

  @Test
  void whereTheRestIsRefusedAgainTheOthersGetTheSameAnswer() throws IOException {
    fixture.received("Q9", A, B, C);
    hop.says("RCPT TO:<" + C, "450 4.2.0 busy\r\n", "250 2.1.5 Ok\r\n", "450 4.2.0 busy\r\n");
    assertEquals(TAKEN, toBoth(RelayFixture.message("Q9")));
    toBoth(RelayFixture.message("Q9"));

    assertEquals(TAKEN, toBoth(RelayFixture.message("Q9")));

    assertEquals(1, copies());
  }

  @Test
  void whereEachHasAnAnswerOfItsOwnNobodyIsHeld() throws IOException {
    fixture.received("Q8", A, B, C);
    fixture.received("Q9", A, B, C);
    hop.says("RCPT TO:<" + C, "450 4.2.0 busy\r\n");
    assertEquals(TAKEN, toBoth(RelayFixture.message("Q9")));
    toBoth(RelayFixture.message("Q9"));

    try (FakeClient client = fixture.client()) {
      client.ask("LHLO mail.example.org");
      assertEquals(SECOND, transaction(client, RelayFixture.message("Q8"), C, B));
      assertEquals(SECOND, client.reply());
    }

    assertEquals(3, asked(B).size());
    assertEquals(2, copies());
  }

  @Test
  void anotherMessageForOneThatIsHeldIsPutOffOnceAndThenDelivered() throws IOException {
    fixture.received("Q8", A, B);
    fixture.received("Q9", A, B, C);
    hop.says("RCPT TO:<" + C, "450 4.2.0 busy\r\n");
    assertEquals(TAKEN, toBoth(RelayFixture.message("Q9")));
    toBoth(RelayFixture.message("Q9"));

    String first = mail(A, B, RelayFixture.message("Q8"));
    String second = mail(A, B, RelayFixture.message("Q8"));

    assertTrue(first.startsWith("451 4.3.0 mail-journal: it is not what"), first);
    assertEquals(SECOND, second);
  }
}
