package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.News;

/**
 * Mail of which Postfix shows no milter the end, because one of its header or body checks says
 * REDIRECT or PASS.
 */
class PastMiltersTest extends OracleCase {
  @BeforeAll
  void start() throws IOException {
    world = PostfixWorld.start("past-milters", UnaryOperator.identity(), "postfix.audit = 1s");
    RealPostfix postfix = PostfixWorld.postfix(world);
    Path checks =
        Files.writeString(
            postfix.configDirectory().resolve("checks"),
            "/^X-Checks: pass/ PASS\n/^redirect/ REDIRECT target@two.test\n");
    postfix.set(Map.of("header_checks", "regexp:" + checks, "body_checks", "regexp:" + checks));
  }

  @Test
  void whatIsPassedIsInTheJournalWithItsFates() {
    Letter letter = passed("passed@home.test").to("ok@one.test").to("solo@alias.test");
    Sent sent = world.send(letter);

    JournalEntry entry = world.settled(sent);

    assertEquals(letter.messageId(), entry.messageId());
    assertEquals("passed@home.test", entry.sender());
    assertEquals(Optional.of("127.0.0.1"), entry.client().address());
    assertEquals("relayed", entry.fate("ok@one.test").status());
    assertEquals("expanded", entry.fate("solo@alias.test").status());
    assertEquals(List.of("pass"), receptions(entry));
    assertEquals(0, world.home().received("passed@home.test").size());
  }

  @Test
  void whatIsRedirectedIsInTheJournalWithItsTarget() {
    Letter letter =
        Letter.from("redirected@home.test")
            .to("first@one.test")
            .to("second@one.test")
            .body("redirect\r\n".getBytes(StandardCharsets.US_ASCII));
    Sent sent = world.send(letter);

    JournalEntry entry =
        world.await(
            World.queueId(sent),
            "the target's fate",
            e -> e.recipients().stream().anyMatch(f -> f.address().equals("target@two.test")));

    assertEquals("relayed", entry.fate("target@two.test").status());
    assertEquals(Optional.of("first@one.test"), entry.fate("target@two.test").original());
    assertEquals("expanded", entry.fate("first@one.test").status());
    assertEquals("expanded", entry.fate("second@one.test").status());
    assertEquals(Optional.of("REDIRECT target@two.test"), entry.fate("second@one.test").reason());
    assertEquals(1, world.two().received("target@two.test").size());
    assertEquals(0, world.one().received("first@one.test").size());
    // Its second recipient has no line of the log.
    world.noted().clear();
  }

  @Test
  void aReportOfSuccessThatIsWithheldIsToldOf() {
    Letter letter = passed("asker@home.test").to("asked@one.test", "NOTIFY=SUCCESS");
    Sent sent = world.send(letter);

    JournalEntry entry = world.settled(sent);

    world.awaitQueueEmptyOf(sent);
    assertEquals(0, world.home().received("asker@home.test").size());
    assertTrue(entry.events().stream().anyMatch(e -> e.kind().equals("oddity")));
  }

  @Test
  void itIsOneMessageAlsoWhereTheDaemonStartsAnewBetweenTwoPasses() {
    world.one().at("later@one.test", Script.temporary(1));
    Sent sent = world.send(passed("waiting@home.test").to("later@one.test"));
    world.attempted(sent, "later@one.test", 1);

    world.daemon().kill();
    world.daemon().start();
    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);

    assertEquals("relayed", entry.fate("later@one.test").status());
    assertEquals(2, entry.fate("later@one.test").attempts());
    assertEquals(List.of("pass"), receptions(entry));
    assertEquals(1, world.journal().find(World.queueId(sent)).size());
  }

  @Test
  void whatTheMilterSawIsNeverRecordedTwice() {
    world.one().at("seen@one.test", Script.temporary(1));
    Letter letter = Letter.from("seen@home.test").to("seen@one.test").to("fine@one.test");
    Sent sent = world.send(letter);
    world.attempted(sent, "seen@one.test", 1);

    world.daemon().kill();
    world.daemon().start();
    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);

    assertEquals(List.of("milter"), receptions(entry));
    assertEquals(1, world.journal().find(letter.messageId().orElseThrow()).size());
  }

  /** The sender is told of a failure as ever. */
  @Test
  void itsBounceGoesOut() {
    world.one().at("refused@one.test", Script.permanent());
    Sent sent = world.send(passed("bounced@home.test").to("refused@one.test"));

    assertEquals("failed", world.settled(sent).fate("refused@one.test").status());

    Awaitility.await("the bounce")
        .atMost(World.PATIENCE)
        .until(() -> world.home().received("bounced@home.test").size() == 1);
  }

  private static Letter passed(String sender) {
    return Letter.from(sender).field("X-Checks: pass");
  }

  private static List<String> receptions(JournalEntry entry) {
    return entry.events().stream()
        .filter(event -> event.kind().equals("received"))
        .map(News::source)
        .toList();
  }
}
