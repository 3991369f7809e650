package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The daemon goes and comes back; no message and no outcome is lost, and none comes twice. */
class DaemonLifeTest extends OracleCase {
  @BeforeAll
  void startAll() {
    world = PostfixWorld.start("life", UnaryOperator.identity(), "postfix.audit = 1s");
  }

  @BeforeEach
  void listen() {
    if (!world.daemon().isAlive()) {
      world.daemon().start();
    }
  }

  @Test
  void clientsAreToldToComeAgainWhileItIsDown() {
    world.daemon().stop();

    try (SmtpClient client = SmtpClient.connect(world.mta().smtp())) {
      client.ehlo("client.letters.test");
      Sent sent = Sent.over(client, Letter.from("ada@home.test").to("later@one.test"));
      assertEquals(451, sent.end().code());
    }

    world.daemon().start();
    Sent sent = world.send(Letter.from("ada@home.test").to("later@one.test"));
    assertEquals("relayed", world.settled(sent).fate("later@one.test").status());
    assertEquals(1, world.one().received("later@one.test").size());
  }

  @Test
  void whatIsDeliveredWhileItIsDownIsToldWhenItIsBack() {
    world.one().at("away@one.test", Script.temporary(1));
    Script busy = Script.answer(Stage.RCPT, Reply.of(450, "4.2.0 busy"));
    world.two().at("away-no@two.test", busy.then(Script.permanent()));
    Sent sent =
        world.send(Letter.from("absent@home.test").to("away@one.test").to("away-no@two.test"));
    world.attempted(sent, "away@one.test", 1);
    world.attempted(sent, "away-no@two.test", 1);

    world.daemon().stop();
    world.mta().runQueue();
    Awaitility.await()
        .atMost(World.PATIENCE)
        .until(() -> world.one().received("away@one.test").size() == 1);
    String kept = World.queueId(sent) + ": status=deferred (trace failed)";
    PostfixWorld.postfix(world).log().awaitLine(line -> line.contains(kept));
    assertTrue(world.mta().queue().contains(World.queueId(sent)));

    world.daemon().start();
    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);
    world.awaitGone(World.queueId(sent));

    assertEquals("relayed", entry.fate("away@one.test").status());
    assertEquals("failed", entry.fate("away-no@two.test").status());
    assertEquals(1, world.one().received("away@one.test").size());
    world.awaitQueueEmptyOf(sent);
    assertEquals(1, world.home().received("absent@home.test").size());
  }

  @Test
  void aTerminationLetsOpenTransactionsEnd() throws Exception {
    try (SmtpClient client = world.client()) {
      client.mail("ada@home.test");
      SmtpReply rcpt = client.rcpt("open@one.test");
      client.command("DATA");
      client.content(
          out -> out.write("Subject: open\r\n\r\nHalf of".getBytes(StandardCharsets.US_ASCII)));
      CompletableFuture<Integer> stopping = CompletableFuture.supplyAsync(world.daemon()::stop);

      SmtpReply end = client.command(".");
      int code = stopping.get();

      assertTrue(Set.of(0, 143).contains(code), () -> "exit code " + code);
      assertTrue(Set.of(250, 451).contains(end.code()), end::toString);
      world.daemon().start();
      if (end.isPositive()) {
        Sent sent = new Sent(Letter.from("ada@home.test"), List.of(rcpt), end);
        world.accepted(sent);
        world.mta().runQueue();
        assertEquals("relayed", world.settled(sent).fate("open@one.test").status());
      }
    }
  }

  @Test
  void askingWorksWhileItIsDown() {
    Sent sent = world.send(Letter.from("ada@home.test").to("asked@one.test"));
    JournalEntry expected = world.settled(sent);

    world.daemon().stop();

    assertEquals(Optional.of(expected), world.journal().show(World.queueId(sent)));
  }

  @Test
  void killedInTheMiddleOfAStreamOfMail() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger number = new AtomicInteger();
    ConcurrentLinkedQueue<Sent> taken = new ConcurrentLinkedQueue<>();
    ExecutorService clients = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> streams = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        streams.add(
            clients.submit(
                () -> {
                  while (!enough.get()) {
                    stream(number, taken, enough);
                  }
                }));
      }
      Awaitility.await().atMost(World.PATIENCE).until(() -> taken.size() >= 40);
      world.daemon().kill();
      enough.set(true);
      for (Future<?> stream : streams) {
        stream.get();
      }
    } finally {
      clients.shutdownNow();
    }

    world.daemon().start();
    Awaitility.await()
        .atMost(World.PATIENCE)
        .until(
            () -> {
              world.mta().runQueue();
              return world.mta().queue().isEmpty();
            });
    for (Sent sent : taken) {
      world.accepted(sent);
      String recipient = sent.letter().recipients().get(0).address();
      assertEquals("relayed", world.settled(sent).fate(recipient).status());
      assertEquals(1, world.one().received(recipient).size());
    }
  }

  /** Sends one letter after the other until something goes wrong, and notes what was taken. */
  private void stream(
      AtomicInteger number, ConcurrentLinkedQueue<Sent> taken, AtomicBoolean enough) {
    try (SmtpClient client = SmtpClient.connect(world.mta().smtp())) {
      client.ehlo("client.letters.test");
      while (!enough.get()) {
        String recipient = "stream" + number.incrementAndGet() + "@one.test";
        Sent sent = Sent.over(client, Letter.from("ada@home.test").to(recipient));
        if (!sent.isAccepted()) {
          return;
        }
        taken.add(sent);
      }
    } catch (UncheckedIOException hungUp) {
      // The MTA may do so when its milter is gone.
    }
  }
}
