package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads serve connections, few and many. */
@Timeout(120)
class FewLoopsTest {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final List<MilterClient> open = new ArrayList<>();
  private final Witness witness = new Witness();
  private final MilterServer server =
      new MilterServer(
          MilterServer.Settings.of(new Endpoint.Inet("127.0.0.1", 0), 1000, Duration.ofSeconds(60)),
          this::session);

  /** Called on the thread that serves the connection. */
  private MilterSession session() {
    threads.add(Thread.currentThread());
    return witness.open();
  }

  @AfterEach
  void close() {
    open.forEach(MilterClient::close);
    server.close();
  }

  private void connect(Endpoint at, int clients) {
    for (int i = 0; i < clients; i++) {
      open.add(MilterClient.negotiated(at));
    }
  }

  @Test
  void fewConnectionsAreServedByOneThread() {
    connect(server.start(), FewLoops.ENOUGH / 2);

    assertEquals(1, threads.size());
  }

  @Test
  void asManyOneAfterTheOtherAsThereMayBeAreServedByOneThread() {
    Endpoint at = server.start();
    for (int i = 0; i < 2 * FewLoops.ENOUGH; i++) {
      MilterClient.negotiated(at).close();
    }

    assertTrue(threads.size() <= 2, threads::toString);
  }

  @Test
  void connectionsOnTheirWayToALoopCount() {
    EventLoopGroup group = FewLoops.group();
    CountDownLatch busy = new CountDownLatch(1);
    try {
      EventLoop first = group.next();
      for (int i = 0; i <= FewLoops.ENOUGH; i++) {
        first.execute(() -> await(busy));
      }
      assertNotSame(first, group.next());
    } finally {
      busy.countDown();
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aLoopThatHasEndedGetsNone() throws InterruptedException {
    EventLoopGroup group = FewLoops.group();
    try {
      EventLoop first = group.next();
      first.shutdownGracefully(0, 0, TimeUnit.SECONDS).await();
      assertNotSame(first, group.next());
    } finally {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @Test
  void manyConnectionsAreSpread() {
    connect(server.start(), 2 * FewLoops.ENOUGH);

    assertTrue(threads.size() > 1, threads::toString);
  }
}
