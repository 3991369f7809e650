package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Status;

/** Exchangers that answer, and tell mail to come again. */
final class PutOffTest {
  private static final String FULL = "452 4.3.1 Insufficient system storage";
  private static final String GREY = "450 4.2.0 greylisted";

  @TempDir Path directory;
  private FakeDns dns;
  private FakeHop first;
  private FakeHop backup;
  private RelayFixture fixture;

  @BeforeEach
  void twoExchangers() throws IOException {
    first = FakeHop.start("127.0.0.3", 0);
    backup = FakeHop.start("127.0.0.4", first.port());
    dns = new FakeDns().mx("d.example", 10, "first.example").mx("d.example", 20, "backup.example");
    dns.address("first.example", "127.0.0.3").address("backup.example", "127.0.0.4");
    fixture = new RelayFixture(directory);
    fixture.dns(dns.address(), first.port(), InetAddress.getByName("192.0.2.99"));
    fixture.received("Q1", "a@example.org", "b@d.example", "c@d.example");
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    first.close();
    backup.close();
    dns.close();
  }

  private String mail() throws IOException {
    fixture.start();
    try (FakeClient client = fixture.client()) {
      return client.mail("a@example.org", "b@d.example", RelayFixture.message("Q1"));
    }
  }

  private Remote place(String host, String address) {
    return new Remote(
        Optional.of(host), Optional.of(address + ":" + first.port()), Optional.empty());
  }

  private Remote placeOfFirst() {
    return place("first.example", "127.0.0.3");
  }

  private Remote placeOfBackup() {
    return place("backup.example", "127.0.0.4");
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL, 452 4.3.1 Insufficient system storage",
    "MAIL, 421 4.3.2 shutting down",
    "RCPT, 451 4.3.0 Temporary lookup failure",
    "RCPT, 421 4.3.2 shutting down"
  })
  void theNextExchangerIsAskedAndIsTheOnlyOneRecorded(String stage, String words)
      throws IOException {
    first.says(stage, words + "\r\n");
    assertEquals("250 2.0.0 Ok: queued as 1", mail());
    assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
    assertEquals(placeOfBackup(), fixture.onlyOutcome().remote());
    assertTrue(first.contents().isEmpty());
    assertEquals(1, backup.contents().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT"})
  void theNextExchangerIsAskedWhereTheConnectionBreaks(String stage) throws IOException {
    first.says(stage, FakeHop.CLOSE);
    assertEquals("250 2.0.0 Ok: queued as 1", mail());
    assertEquals(placeOfBackup(), fixture.onlyOutcome().remote());
  }

  @Test
  void anExchangerWithoutPipeliningIsLeftToo() throws IOException {
    first.offers("SIZE").says("MAIL", FULL + "\r\n");
    backup.offers("SIZE");
    assertEquals("250 2.0.0 Ok: queued as 1", mail());
    assertEquals(placeOfBackup(), fixture.onlyOutcome().remote());
  }

  @Test
  void allRecipientsThatWaitForAnAnswerGoTogether() throws IOException {
    first.says("RCPT", GREY + "\r\n", GREY + "\r\n");
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.send("RCPT TO:<b@d.example>\r\nRCPT TO:<c@d.example>\r\n");
      assertEquals("250 2.1.5 Ok", client.reply());
      assertEquals("250 2.1.5 Ok", client.reply());
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertEquals("250 2.0.0 Ok: queued as 1", client.reply());
    }
    assertEquals(
        List.of(placeOfBackup(), placeOfBackup()),
        fixture.outcomes().stream().map(Event.Outcome::remote).toList());
  }

  @ParameterizedTest
  @CsvSource({"MAIL, 451 4.7.1 I do not like you", "RCPT, 451 4.7.1 neither do I"})
  void whatTheFirstSaysOfARecipientStandsWhereNobodyDoesBetter(String stage, String words)
      throws IOException {
    first.says("RCPT TO:<b@", GREY + "\r\n");
    backup.says(stage, words + "\r\n");
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals(GREY, client.ask("RCPT TO:<b@d.example>"));
      assertEquals("250 2.1.5 Ok", client.ask("RCPT TO:<c@d.example>"));
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertEquals("250 2.0.0 Ok: queued as 1", client.reply());
    }
    assertEquals(1, backup.connections());
    assertEquals(1, first.contents().size());
    assertEquals(Optional.of(GREY), fixture.outcomes().get(0).reply());
    assertEquals(
        List.of(placeOfFirst(), placeOfFirst()),
        fixture.outcomes().stream().map(Event.Outcome::remote).toList());
  }

  @Test
  void ofThoseThatRefuseTheSenderTheLastHasTheWord() throws IOException {
    first.says("MAIL", FULL + "\r\n");
    backup.says("MAIL", "451 4.3.0 me neither\r\n");
    assertEquals("451 4.3.0 me neither", mail());
    assertEquals(Optional.of("451 4.3.0 me neither"), fixture.onlyOutcome().reply());
    assertEquals(placeOfBackup(), fixture.onlyOutcome().remote());
  }

  @Test
  void aBackupThatIsAwayIsNotSaidToHaveSpoken() throws IOException {
    first.says("MAIL", FULL + "\r\n");
    backup.close();
    String reply = mail();
    assertTrue(reply.startsWith("451 4.4.1 mail-journal: connect to backup.example"), reply);
    assertEquals(Remote.NONE, fixture.onlyOutcome().remote());
    assertEquals(Optional.empty(), fixture.onlyOutcome().reply());
  }

  @Test
  void aRefusalForGoodIsFinal() throws IOException {
    first.says("MAIL", "550 5.7.1 not from you\r\n");
    assertEquals("550 5.7.1 not from you", mail());
    assertEquals(0, backup.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT"})
  void aRefusalForGoodByTheNextOneIsFinalToo(String stage) throws IOException {
    first.says(stage, FULL + "\r\n");
    backup.says("RCPT", "550 5.1.1 no such user\r\n");
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals("550 5.1.1 no such user", client.ask("RCPT TO:<b@d.example>"));
    }
    assertEquals(Status.FAILED, fixture.onlyOutcome().status());
    assertEquals(placeOfBackup(), fixture.onlyOutcome().remote());
  }

  @Test
  void aBackupWithoutSmtputf8IsNoReasonToReturnTheMail() throws IOException {
    first.says("RCPT", GREY + "\r\n");
    backup.offers("PIPELINING", "8BITMIME");
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org> SMTPUTF8");
      assertEquals(GREY, client.ask("RCPT TO:<b@d.example>"));
    }
    assertTrue(backup.commands().stream().noneMatch(command -> command.startsWith("MAIL")));
  }

  @Test
  void whoeverTakesARecipientKeepsTheOthers() throws IOException {
    first.says("RCPT TO:<b@", GREY + "\r\n");
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.send("RCPT TO:<b@d.example>\r\nRCPT TO:<c@d.example>\r\n");
      assertEquals(GREY, client.reply());
      assertEquals("250 2.1.5 Ok", client.reply());
    }
    assertEquals(0, backup.connections());
  }

  @Test
  void whatOurClientKnowsIsNotAskedAnew() throws IOException {
    first.says("RCPT TO:<c@", GREY + "\r\n");
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals("250 2.1.5 Ok", client.ask("RCPT TO:<b@d.example>"));
      assertEquals(GREY, client.ask("RCPT TO:<c@d.example>"));
    }
    assertEquals(0, backup.connections());
  }

  @Test
  void anotherAddressOfTheSameHostIsNoOtherExchanger() throws IOException {
    try (FakeHop sameHost = FakeHop.start("127.0.0.5", first.port())) {
      dns.address("first.example", "127.0.0.5");
      first.says("MAIL", FULL + "\r\n");
      sameHost.says("MAIL", FULL + "\r\n");
      assertEquals("250 2.0.0 Ok: queued as 1", mail());
      assertEquals(1, first.connections() + sameHost.connections());
      assertEquals(1, backup.connections());
    }
  }

  @Test
  void aKeptSessionThatPutsMailOffIsLeftForAnotherExchanger() throws IOException {
    first.says("MAIL", "250 2.1.0 Ok\r\n", FULL + "\r\n");
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.mail("a@example.org", "b@d.example", RelayFixture.message("Q1"));
      client.mail("a@example.org", "b@d.example", RelayFixture.message("Q2"));
    }
    assertEquals(
        List.of(placeOfFirst(), placeOfBackup()),
        fixture.outcomes().stream().map(Event.Outcome::remote).toList());
    assertEquals(1, first.connections());
  }

  @Test
  void twoTransactionsWithOneSlotNeitherWaitNorLoseIt() throws IOException {
    fixture.limits(new Settings.Limits(1000, 1, 10, 1000)).turnPatience(Duration.ofSeconds(5));
    first.says("MAIL", FULL + "\r\n", FULL + "\r\n");
    fixture.start();
    for (int i = 1; i <= 3; i++) {
      try (FakeClient client = fixture.client()) {
        String reply = client.mail("a@example.org", "b@d.example", RelayFixture.message("Q" + i));
        assertTrue(reply.startsWith("250 2.0.0 Ok: queued as "), reply);
      }
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whereTheTimeIsOverNobodyElseIsAsked() throws IOException {
    fixture.patience(Duration.ofSeconds(5)).nextPatience(Duration.ofSeconds(2));
    first.says("MAIL", FakeHop.SILENCE);
    String reply = mail();
    assertTrue(reply.startsWith("451 4.4.2 mail-journal: MAIL with first.example"), reply);
    assertEquals(0, backup.connections());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whoIsAskedInsteadHasLittleTime() throws IOException {
    fixture.patience(Duration.ofMinutes(5)).nextPatience(Duration.ofSeconds(2));
    first.says("MAIL", FULL + "\r\n");
    backup.says("MAIL", FakeHop.SILENCE);
    String reply = assertTimeoutPreemptively(Duration.ofSeconds(45), this::mail);
    assertTrue(reply.startsWith("451 4.4.2 mail-journal: MAIL with backup.example"), reply);
  }

  @ParameterizedTest
  @ValueSource(strings = {"greeting", "EHLO"})
  void whoIsTooBusyToGreetIsRecordedWithItsPlace(String stage) throws IOException {
    String words = "421 4.7.0 too many connections from you";
    backup.says(stage, words + "\r\n");
    first.close();
    assertEquals(words, mail());
    assertEquals(Optional.of(words), fixture.onlyOutcome().reply());
    assertEquals(placeOfBackup(), fixture.onlyOutcome().remote());
  }

  @ParameterizedTest
  @ValueSource(ints = {800, 1500})
  @Execution(ExecutionMode.CONCURRENT)
  void whoIsAskedInsteadHasAnEndHoweverItTrickles(int pause) throws IOException {
    fixture.patience(Duration.ofMinutes(5)).nextPatience(Duration.ofSeconds(2)).start();
    backup.pauses(Duration.ofMillis(pause));
    int many = 30;
    for (int i = 0; i < many; i++) {
      first.says("RCPT", GREY + "\r\n");
      backup.says("RCPT", "451 4.3.0 nor do I\r\n");
    }
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.send("RCPT TO:<b@d.example>\r\n".repeat(many));
      assertTimeoutPreemptively(
          Duration.ofSeconds(15),
          () -> {
            for (int i = 0; i < many; i++) {
              assertEquals(GREY, client.reply());
            }
          });
    }
  }
}
