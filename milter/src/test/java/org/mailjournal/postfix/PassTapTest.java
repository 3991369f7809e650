package org.mailjournal.postfix;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;
import static org.mailjournal.postfix.TapHouse.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Asked;

class PassTapTest extends TapCase {
  @Test
  void qmgrIsGreetedAndUnderstoodByteByByte() throws IOException {
    house.withFiles().started();
    house.receivedFixture(Asked.DEFAULT);

    try (SocketChannel channel = house.connect("journal-trace")) {
      for (byte b : trace(0).wire()) {
        channel.write(ByteBuffer.wrap(new byte[] {b}));
      }
      assertArrayEquals(
          Fixtures.join(AttributeList.greeting().wire(), AttributeList.status(0).wire()),
          TapHouse.readAll(channel));
    }
    assertEquals(7, house.outcomes().size());
  }

  @Test
  void postfixBefore36IsNotGreetedAndDoesNotGreet() throws IOException {
    house =
        new TapHouse(directory, s -> s.withInstance(Optional.of("3.5.25"), Set.of()))
            .before36()
            .started();
    FakeService real = house.service("bounce", () -> 0);
    AttributeList flush = request(1, 4, ID, "s@x");

    assertEquals(0, house.ask("journal-bounce", flush));

    assertArrayEquals(flush.wire(), real.requests().get(0).wire());
  }

  /** As where postconf failed when the daemon started: it is asked again. */
  @Test
  void theQueueIsLookedAfterAsSoonAsItIsKnownWhoseMessagesAreInIt() throws IOException {
    Duration soon = Duration.ofMillis(20);
    house = new TapHouse(directory, s -> s.withTimes(soon, soon, soon, soon));
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
    AtomicInteger asked = new AtomicInteger();

    house.started(
        known ->
            asked.incrementAndGet() < 3
                ? known
                : known.withInstance(Optional.empty(), Set.of("mail.example.org")));

    await().until(() -> house.outcomes().equals(List.of("unreported a@x")));
    assertEquals(3, asked.get());
  }

  @Test
  void aRequestThatIsCutShortIsForgotten() throws IOException {
    house.withFiles().started();
    house.receivedFixture(Asked.DEFAULT);
    byte[] wire = trace(0).wire();

    try (SocketChannel channel = house.connect("journal-trace")) {
      channel.write(ByteBuffer.wrap(wire, 0, wire.length - 1));
      channel.shutdownOutput();
      assertArrayEquals(AttributeList.greeting().wire(), TapHouse.readAll(channel));
    }

    assertTrue(house.outcomes().isEmpty());
    assertTrue(Files.exists(directory.resolve("trace").resolve(ID)));
  }

  @Test
  void anEndlessRequestIsClosed() throws IOException {
    house.started();

    try (SocketChannel channel = house.connect("journal-trace")) {
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              channel.write(ByteBuffer.wrap(new byte[] {1, 1, 1, 1}));
            }
          });
    }
  }

  @Test
  void aRequestWithoutAMessageIsNotAnsweredWithSuccess() throws IOException {
    house.started();
    AttributeList odd = AttributeList.of("nrequest", "5", "queue_id", "../../etc/passwd");

    assertNotEquals(0, house.ask("journal-trace", odd));
  }

  @Test
  void aSilentClientIsClosed() throws IOException {
    house = new TapHouse(directory, s -> timeouts(s, 2_000, 10_000)).started();

    try (SocketChannel channel = house.connect("journal-trace")) {
      assertArrayEquals(AttributeList.greeting().wire(), TapHouse.readAll(channel));
    }
  }

  @Test
  void aServiceThatDoesNotAnswerInTimeIsAFailure() throws IOException {
    house = new TapHouse(directory, s -> timeouts(s, 10_000, 200)).started();
    house.service("bounce", request -> Optional.empty());

    assertNotEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));
  }

  @Test
  void theTimeThatTheJournalTakesIsNotTheServicesAsWell() throws IOException {
    house = new TapHouse(directory, s -> timeouts(s, 10_000, 200)).started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
    FakeService real = house.service("bounce", () -> 0);
    house.journal.whileReading(() -> pass(Duration.ofMillis(400)));

    assertNotEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));

    assertTrue(real.requests().isEmpty());
  }

  @Test
  void stuckServicesHoldUpNobodyElse() throws Exception {
    house = new TapHouse(directory, s -> timeouts(s, 10_000, 60_000)).withFiles().started();
    house.receivedFixture(Asked.DEFAULT);
    FakeService stuck = house.service("bounce", request -> Optional.empty());
    house.service("defer", () -> 0);
    List<SocketChannel> waiting = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      house.file("bounce/B" + i, "\nrecipient=a@x\n\n");
      SocketChannel channel = house.connect("journal-bounce");
      channel.write(ByteBuffer.wrap(request(1, 4, "B" + i, "s@x").wire()));
      waiting.add(channel);
    }
    await().until(() -> stuck.requests().size() >= 16 && house.oddities().size() == 40);

    CompletableFuture<Integer> trace = asking("journal-trace", trace(0));
    CompletableFuture<Integer> defer = asking("journal-defer", request(2, 4, ID, "games"));

    await().atMost(Duration.ofSeconds(30)).until(() -> trace.isDone() && defer.isDone());
    assertEquals(0, trace.join());
    assertEquals(0, defer.join());
    for (SocketChannel channel : waiting) {
      channel.close();
    }
  }

  @Test
  void onlyTheOwnerReachesTheSockets() throws IOException {
    house.started();

    for (String name : List.of("journal-trace", "journal-bounce", "journal-defer")) {
      Path socket = directory.resolve("private").resolve(name);
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
      assertEquals(Files.getOwner(directory.resolve("private")), Files.getOwner(socket));
    }
  }

  @Test
  void aSocketThatNobodyListensAtIsReplaced() throws IOException {
    try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(house.settings().socket("journal-trace")));
    }

    house.started();

    assertEquals(0, house.ask("journal-trace", trace(0)));
  }

  @Test
  void aFileALinkOrALiveSocketStaysWhatItIs() throws IOException {
    Path name = house.settings().socket("journal-defer");
    Files.createFile(name);
    assertThrows(TapException.class, house::started);
    assertTrue(Files.isRegularFile(name));
    Files.delete(name);
    Files.createSymbolicLink(name, directory.resolve("elsewhere"));
    assertThrows(TapException.class, house::started);
    assertTrue(Files.isSymbolicLink(name));
    Files.delete(name);
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(name));
      TapException refused = assertThrows(TapException.class, house::started);
      assertTrue(refused.getMessage().contains("another process"), refused.getMessage());
    }
    // What was opened before the trouble is gone again.
    assertFalse(Files.exists(house.settings().socket("journal-trace"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void closingEndsWhatIsBeingAnsweredAndTakesTheSocketsAway() throws Exception {
    house = new TapHouse(directory, s -> s.withDrain(Duration.ofSeconds(60)));
    PassTap tap = new PassTap(house.settings(), house.journal, house.journal, TapHouse.CLOCK);
    tap.start();
    house.file("bounce/" + ID, "\nrecipient=a@x\n\n");
    CompletableFuture<AttributeList> slow = new CompletableFuture<>();
    FakeService real = house.service("bounce", request -> Optional.of(slow.join()));
    CompletableFuture<Integer> answer = asking("journal-bounce", request(1, 4, ID, "s@x"));
    await().until(() -> house.oddities().size() == 1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(tap::close);
    await().until(() -> !Files.exists(house.settings().socket("journal-trace")));
    slow.complete(AttributeList.status(0));
    closing.join();

    assertEquals(0, answer.join());
    assertEquals(1, real.requests().size());
    assertFalse(Files.exists(house.settings().socket("journal-bounce")));
  }

  /** A thread that parks may be woken at any time, for no reason. */
  private static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static Settings timeouts(Settings settings, int peer, int service) {
    return settings.withTimes(
        Duration.ofHours(1),
        Duration.ofSeconds(30),
        Duration.ofMillis(peer),
        Duration.ofMillis(service));
  }

  private CompletableFuture<Integer> asking(String service, AttributeList request) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return house.ask(service, request);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
