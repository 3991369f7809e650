package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The daemon is killed at one moment of the table in INTERNALS, before the eyes of a Postfix. What
 * it says last is kept from Postfix, for which that is as if it had not been said.
 */
class CrashMomentsTest extends OracleCase {
  private Cutter toMilter;

  @BeforeAll
  void start() {
    world = PostfixWorld.start("moments", UnaryOperator.identity(), "postfix.audit = 1s");
    toMilter = beside(Cutter.before((InetSocketAddress) world.daemon().address()));
    RealPostfix postfix = PostfixWorld.postfix(world);
    postfix.tool("postconf", "-e", "smtpd_milters = inet:127.0.0.1:" + toMilter.port()).orThrow();
    postfix.reload();
  }

  @Override
  @AfterEach
  void theLogAgrees() {
    toMilter.swallowReplies(false);
    if (!world.daemon().isAlive()) {
      world.daemon().start();
    }
    super.theLogAgrees();
  }

  @Test
  void afterTheCommitAndBeforeTheMiltersAnswer() {
    Letter letter = Letter.from("ada@home.test").to("unanswered@one.test");
    String first;
    try (SmtpClient client = world.client()) {
      client.mail("ada@home.test");
      client.rcpt("unanswered@one.test");
      assertEquals(354, client.command("DATA").code());
      toMilter.swallowReplies(true);
      client.send(letter.octets());
      CompletableFuture<SmtpReply> end = CompletableFuture.supplyAsync(() -> client.command("."));
      first = awaitRecorded(letter);

      world.daemon().kill();

      assertEquals(451, end.orTimeout(1, TimeUnit.MINUTES).join().code());
    }
    toMilter.swallowReplies(false);
    world.daemon().start();
    Sent second = world.send(letter);

    assertEquals("relayed", world.settled(second).fate("unanswered@one.test").status());
    assertEquals("unreported", world.settled(first).fate("unanswered@one.test").status());
    assertEquals(1, world.one().received("unanswered@one.test").size());
  }

  private String awaitRecorded(Letter letter) {
    String id = letter.messageId().orElseThrow();
    Awaitility.await("the commit of " + id)
        .atMost(World.PATIENCE)
        .until(() -> world.journal().find(id).size() == 1);
    return world.journal().find(id).get(0).queueId();
  }

  @Test
  void aBounceIsPassedOnAndTheAnswerIsNotGivenBack() throws Exception {
    world.two().at("bounced-once@two.test", Script.permanent());
    Path socket =
        PostfixWorld.postfix(world).queueDirectory().resolve("private").resolve("journal-bounce");
    Path real = Files.move(socket, socket.resolveSibling("tap"));
    CountDownLatch answered = new CountDownLatch(1);
    UnixServer between = new UnixServer(socket, client -> killAtAnswer(client, real, answered));
    Sent sent = world.send(Letter.from("once@home.test").to("bounced-once@two.test"));
    assertTrue(answered.await(1, TimeUnit.MINUTES), "nobody asked the tap for a bounce");
    between.close();
    Files.delete(socket);
    Files.delete(real);
    Awaitility.await("the bounce").until(() -> !world.home().received("once@home.test").isEmpty());

    world.daemon().start();
    world.mta().runQueue();
    world.awaitQueueEmpty();

    assertEquals(List.of("failed"), outcomes(sent));
    assertEquals(1, world.home().received("once@home.test").size());
  }

  /** Passes the request on, and no answer back: the daemon is dead before. */
  private void killAtAnswer(SocketChannel client, Path real, CountDownLatch answered)
      throws IOException {
    try (SocketChannel tap = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      tap.connect(UnixDomainSocketAddress.of(real));
      ByteBuffer octets = ByteBuffer.allocate(4096);
      pass(tap, client, octets.clear());
      pass(client, tap, octets.clear());
      if (tap.read(octets.clear()) > 0) {
        world.daemon().kill();
        answered.countDown();
      }
    }
  }

  private static void pass(SocketChannel from, SocketChannel to, ByteBuffer octets)
      throws IOException {
    from.read(octets);
    to.write(octets.flip());
  }

  @Test
  void theWordsOfAPassWhileItIsDownAreLostAndNothingElse() {
    world
        .two()
        .at(
            "words@two.test",
            Script.answer(Stage.RCPT, Reply.of(450, "4.2.0 first"))
                .then(Script.answer(Stage.RCPT, Reply.of(450, "4.2.0 second")))
                .then(Script.answer(Stage.RCPT, Reply.of(450, "4.2.0 third")))
                .then(Script.accept()));
    Sent sent = world.send(Letter.from("ada@home.test").to("words@two.test"));
    world.attempted(sent, "words@two.test", 1);

    world.daemon().kill();
    world.mta().runQueue();
    String id = World.queueId(sent);
    PostfixWorld.postfix(world)
        .log()
        .awaitLine(line -> line.contains(id + ": status=deferred (trace failed)"));
    world.daemon().start();
    world.mta().runQueue();
    world.attempted(sent, "words@two.test", 2);
    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);
    world.noted().clear();

    assertEquals(List.of("delayed", "delayed", "relayed"), outcomes(sent));
    assertEquals(3, entry.fate("words@two.test").attempts());
    String events = entry.events().toString();
    assertTrue(events.contains("4.2.0 first") && events.contains("4.2.0 third"), events);
    assertTrue(!events.contains("4.2.0 second"), events);
  }

  private List<String> outcomes(Sent sent) {
    return world.entry(sent).events().stream()
        .filter(news -> news.recipient().isPresent())
        .map(JournalEntry.News::kind)
        .toList();
  }
}
