package org.mailjournal.postfix;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of our three services. Those who read requests and record never wait for a real service: what
 * is passed on goes to threads of its own, so that a stuck service holds up only itself.
 *
 * <pre>
 *   accept --&gt; desk: greet, read, record --answer ourselves--&gt; write, close
 *                          |
 *                          +--pass on--&gt; courier: ask the real service --&gt; write, close
 * </pre>
 */
final class Endpoint implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final int DESK = 16;
  private static final int COURIERS = 16;

  /** Each waits with an open descriptor; qmgr asks again for those that are refused. */
  private static final int WAITING = 256;

  private final Service service;
  private final Settings settings;
  private final Passes passes;
  private final Upstream upstream;
  private final Watchdog watchdog;
  private final PrivateSocket socket;
  private final ThreadPoolExecutor desk;
  private final ThreadPoolExecutor couriers;
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();

  Endpoint(
      Service service, Settings settings, Passes passes, Upstream upstream, Watchdog watchdog) {
    this.service = service;
    this.settings = settings;
    this.passes = passes;
    this.upstream = upstream;
    this.watchdog = watchdog;
    this.socket = PrivateSocket.listen(settings.socket(settings.route(service).ours()));
    this.desk = Threads.pool("tap-" + service.queue(), DESK, WAITING);
    this.couriers = Threads.pool("tap-" + service.queue() + "-courier", COURIERS, WAITING);
  }

  void start() {
    Threads.named("tap-" + service.queue() + "-accept").newThread(this::accept).start();
  }

  private void accept() {
    while (true) {
      try {
        SocketChannel channel = socket.channel().accept();
        Peer peer = new Peer(channel, watchdog);
        peers.add(peer);
        // qmgr's patience begins here, whatever we do first.
        long end = System.nanoTime() + settings.serviceTimeout().toNanos();
        hand(desk, peer, () -> serve(peer, end));
      } catch (ClosedChannelException stopped) {
        return;
      } catch (IOException e) {
        // Out of descriptors, most likely: without a pause this would turn as fast as it can.
        LOG.warn("{}: cannot accept a connection: {}", service.queue(), e.toString());
        if (!rest()) {
          return;
        }
      }
    }
  }

  private static boolean rest() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * A task that is refused, or that fails, closes the connection: for qmgr that is "again".
   *
   * @return false when it is refused
   */
  private boolean hand(ThreadPoolExecutor pool, Peer peer, Conversation conversation) {
    try {
      pool.execute(
          () -> {
            try {
              conversation.run();
            } catch (IOException e) {
              LOG.warn("{}: connection given up: {}", service.queue(), e.toString());
              finish(peer);
            } catch (RuntimeException e) {
              LOG.error("{}: request given up", service.queue(), e);
              finish(peer);
            }
          });
      return true;
    } catch (RejectedExecutionException full) {
      LOG.warn("{}: too many requests at once, one is sent away", service.queue());
      finish(peer);
      return false;
    }
  }

  private void finish(Peer peer) {
    peers.remove(peer);
    Watchdog.quietly(peer);
  }

  private void serve(Peer peer, long end) throws IOException {
    Duration limit = settings.peerTimeout();
    Optional<AttributeList> request = request(peer, limit);
    if (request.isEmpty()) {
      finish(peer);
      return;
    }
    Verdict verdict = passes.judge(service, request.get());
    if (verdict instanceof Verdict.PassOn passOn) {
      if (!hand(couriers, peer, () -> passOn(peer, request.get(), passOn, end))) {
        Watchdog.quietly(passOn.epilogue());
      }
    } else if (verdict instanceof Verdict.Answer answer) {
      peer.write(AttributeList.status(answer.status()), limit);
      finish(peer);
    }
  }

  /** Empty where the other side is gone before it asked: nobody waits for anything then. */
  private Optional<AttributeList> request(Peer peer, Duration limit) throws IOException {
    if (settings.greets()) {
      try {
        peer.write(AttributeList.greeting(), limit);
      } catch (IOException gone) {
        LOG.debug("{}: gone before it asked: {}", service.queue(), gone.toString());
        return Optional.empty();
      }
    }
    try {
      return peer.read(limit);
    } catch (SocketException reset) {
      LOG.debug("{}: gone before it asked: {}", service.queue(), reset.toString());
      return Optional.empty();
    }
  }

  private void passOn(Peer peer, AttributeList request, Verdict.PassOn passOn, long end)
      throws IOException {
    try (Verdict.Epilogue epilogue = passOn.epilogue()) {
      AttributeList answer = AttributeList.status(Verdict.AGAIN.status());
      if (passOn.condition().holds()) {
        answer = realAnswer(request, end);
      } else {
        LOG.warn("{}: a file is not what was recorded: the next pass has begun", service.queue());
      }
      if (answer.number("status").filter(status -> status == 0).isPresent()) {
        epilogue.conclude();
      }
      peer.write(answer, settings.peerTimeout());
    }
    finish(peer);
  }

  private AttributeList realAnswer(AttributeList request, long end) {
    try {
      return upstream.ask(service, request, end);
    } catch (IOException e) {
      LOG.warn("{}: Postfix's own service did not answer: {}", service.queue(), e.toString());
      return AttributeList.status(Verdict.AGAIN.status());
    }
  }

  /** From now on there are no new requests. */
  void refuse() {
    Watchdog.quietly(socket);
  }

  /** Those that are being answered have so long. */
  void drain(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    desk.shutdown();
    await(desk, end);
    couriers.shutdown();
    await(couriers, end);
  }

  private static void await(ThreadPoolExecutor pool, long end) {
    try {
      if (!pool.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException hurry) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    refuse();
    desk.shutdownNow();
    couriers.shutdownNow();
    peers.forEach(this::finish);
  }

  @FunctionalInterface
  private interface Conversation {
    void run() throws IOException;
  }
}
