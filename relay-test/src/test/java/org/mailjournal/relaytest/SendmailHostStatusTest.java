package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every next hop is one host to sendmail, which keeps in mind how it fared with hosts: in a queue
 * run, and in the files of HostStatusDirectory that all its processes share. One destination's
 * trouble must be no other's.
 */
class SendmailHostStatusTest extends OracleCase {
  private static final Reply CLOSING = Reply.of(421, "4.3.2 closing for a while");

  @BeforeAll
  void start() {
    world = SendmailWorld.start("sendmail-host-status");
  }

  @Override
  @AfterEach
  void theLogAgrees() {
    super.theLogAgrees();
    world.two().inSessions(Script.accept());
  }

  /** A queue run takes smaller messages first, of those that were tried as often. */
  private Sent send(String recipient, int lines) {
    byte[] body = "One of many lines.\r\n".repeat(lines).getBytes(StandardCharsets.US_ASCII);
    return world.send(Letter.from("ada@home.test").to(recipient).body(body));
  }

  private String statusOf(Sent sent, String recipient, int attempts) {
    return world.attempted(sent, recipient, attempts).fate(recipient).status();
  }

  @Test
  void behindADeadDestinationMailForOthersGoesOutAtOnce() {
    Sent dead = send("a@down.test", 1);
    assertEquals("delayed", statusOf(dead, "a@down.test", 1));
    awaitTroubleNoted();

    Sent good = send("behind-dead@one.test", 1);

    assertEquals("relayed", world.settled(good).fate("behind-dead@one.test").status());
  }

  @Test
  void behindANextHopThatGreetsWith421MailForOthersGoesOutAtOnce() {
    world.two().inSessions(Script.answer(Stage.BANNER, CLOSING));
    Sent closing = send("greets-421@two.test", 1);
    JournalEntry entry = world.attempted(closing, "greets-421@two.test", 1);
    assertEquals(
        Optional.of("421 4.3.2 closing for a while"), entry.fate("greets-421@two.test").reply());
    awaitTroubleNoted();

    Sent good = send("behind-421@one.test", 1);

    assertEquals("relayed", world.settled(good).fate("behind-421@one.test").status());
  }

  /** One process of sendmail tries them one after another, and closes a connection behind a 421. */
  @Test
  void inOneQueueRunEachDestinationIsTriedForItself() {
    world.two().inSessions(Script.answer(Stage.BANNER, CLOSING));
    world.dsn().at("rcpt-421@dsn.test", Script.answer(Stage.RCPT, CLOSING));
    world.one().at("waiting@one.test", Script.temporary(1));
    Sent dead = send("b@down.test", 1);
    Sent greeting = send("run-421@two.test", 100);
    Sent rcpt = send("rcpt-421@dsn.test", 200);
    Sent good = send("waiting@one.test", 300);
    assertEquals("delayed", statusOf(dead, "b@down.test", 1));
    assertEquals("delayed", statusOf(greeting, "run-421@two.test", 1));
    assertEquals("delayed", statusOf(rcpt, "rcpt-421@dsn.test", 1));
    assertEquals("delayed", statusOf(good, "waiting@one.test", 1));

    world.mta().runQueue();

    JournalEntry settled = world.settled(good);
    assertEquals("relayed", settled.fate("waiting@one.test").status());
    JournalEntry tried = world.attempted(dead, "b@down.test", 2);
    assertTrue(lastNews(tried).isBefore(lastNews(settled)), "the dead one was not tried first");
    assertEquals("delayed", tried.fate("b@down.test").status());
    assertEquals("delayed", statusOf(greeting, "run-421@two.test", 2));
    assertEquals("delayed", statusOf(rcpt, "rcpt-421@dsn.test", 2));
  }

  /**
   * Sendmail reads 2,047 octets of a line (MAXLINE) and takes the rest for a reply to its next
   * command: to RSET, and to all of the next message, which one connection with the relay takes to
   * somebody else.
   */
  @Test
  void aNextHopDoesNotAnswerForAnother() {
    Stream<String> forged = Stream.of("250 sent", "250", "250", "250", "354 go", "250 sent");
    String[] lines =
        Stream.concat(forged.map(reply -> "x".repeat(2043) + reply), Stream.of("2.0.0 Ok"))
            .toArray(String[]::new);
    Script busy = Script.answer(Stage.RCPT, Reply.of(450, "4.2.0 mailbox busy"));
    world.two().at("forges@two.test", busy.then(Script.accept(Reply.of(250, lines))));
    world.one().at("nobody@one.test", busy.then(Script.permanent()));
    Sent forges = send("forges@two.test", 1);
    Sent refused = send("nobody@one.test", 100);
    assertEquals("delayed", statusOf(forges, "forges@two.test", 1));
    assertEquals("delayed", statusOf(refused, "nobody@one.test", 1));

    world.mta().runQueue();

    assertEquals("relayed", world.settled(forges).fate("forges@two.test").status());
    assertEquals("failed", world.settled(refused).fate("nobody@one.test").status());
  }

  private static Instant lastNews(JournalEntry entry) {
    return entry.events().get(entry.events().size() - 1).at().orElseThrow();
  }

  @Test
  void whatWaitedForTheDaemonGoesOutAsSoonAsItIsThere() {
    world.one().at("restart@one.test", Script.temporary(1));
    Sent waiting = send("restart@one.test", 1);
    assertEquals("delayed", statusOf(waiting, "restart@one.test", 1));
    world.askOracle();
    world.daemon().stop();
    world.mta().runQueue();
    Awaitility.await("sendmail is refused")
        .atMost(World.PATIENCE)
        .until(() -> world.mta().log(World.queueId(waiting)).size() == 2);
    awaitTroubleNoted();
    world.daemon().start();

    Sent good = send("after-restart@one.test", 1);

    assertEquals("relayed", world.settled(good).fate("after-restart@one.test").status());
    world.mta().runQueue();
    assertEquals("relayed", world.settled(waiting).fate("restart@one.test").status());
  }

  /** Many deliveries end at the same time, and each writes the one file of the one host. */
  @Test
  void aNoteThatAnotherDeliveryIsJustWritingHoldsUpNothing() throws IOException {
    assertEquals("relayed", statusOf(send("first@one.test", 1), "first@one.test", 1));
    Awaitility.await("a note of the host").atMost(World.PATIENCE).until(() -> notes().size() == 1);
    Path note = notes().get(0);
    Process writer =
        new ProcessBuilder("flock", "--exclusive", note.toString(), "sh", "-c", "echo; exec cat")
            .start();
    try {
      assertEquals('\n', writer.getInputStream().read());

      Sent good = send("meanwhile@one.test", 1);

      assertEquals("relayed", world.settled(good).fate("meanwhile@one.test").status());
    } finally {
      writer.destroy();
    }
  }

  @Test
  void theCheckHasNothingAgainstTheConfiguration() {
    assertEquals(List.of(), SendmailWorld.complaints(world));
  }

  /** It writes the note when it closes the connection, after all that the journal hears of. */
  private void awaitTroubleNoted() {
    Awaitility.await("a note of trouble with the host")
        .atMost(World.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(this::isTroubleNoted);
  }

  /** EX_TEMPFAIL of sysexits.h in the line of mci_store_persistent() that tells how it ended. */
  private boolean isTroubleNoted() throws IOException {
    for (Path note : notes()) {
      if (Files.readAllLines(note).contains("S75")) {
        return true;
      }
    }
    return false;
  }

  private List<Path> notes() {
    return ((RealSendmail) world.mta()).hostStatusFiles();
  }
}
