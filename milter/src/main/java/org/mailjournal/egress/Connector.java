package org.mailjournal.egress;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens sessions with next hops: the first place that serves us is taken. */
final class Connector {
  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

  /** Of the five minutes that MTAs wait for the answer to RCPT; MAIL and RCPT need some, too. */
  private static final Duration ENOUGH = Duration.ofMinutes(3);

  private final Settings settings;
  private final Directory directory;
  private final TlsClient tls;
  private final Watchdog watchdog;
  private final Slots slots;

  Connector(Settings settings, Directory directory, TlsClient tls, Watchdog watchdog) {
    this.settings = settings;
    this.directory = directory;
    this.tls = tls;
    this.watchdog = watchdog;
    this.slots = new Slots(settings.limits().perDestination(), settings.timeouts().turn());
  }

  /**
   * A session for the destination, or why there is none.
   *
   * @param journey notes where it went
   * @param clientGone whether our client has left meanwhile
   */
  NextHop open(Destination destination, Journey journey, BooleanSupplier clientGone)
      throws HopException {
    slots.take(destination, () -> watchdog.isClosed() || clientGone.getAsBoolean());
    boolean open = false;
    try {
      NextHop hop = first(destination, directory.targets(destination), journey, clientGone);
      open = true;
      return hop.inSlot();
    } finally {
      if (!open) {
        slots.release(destination);
      }
    }
  }

  private NextHop first(
      Destination destination, List<Target> targets, Journey journey, BooleanSupplier clientGone)
      throws HopException {
    long began = System.nanoTime();
    HopException last = null;
    for (int i = 0; i < targets.size(); i++) {
      try {
        journey.tries(targets.get(i));
        boolean isLast = i + 1 == targets.size();
        // Our client may give up before the last is reached if all have all their time.
        return open(destination, targets.get(i), isLast ? d -> d : settings.timeouts()::brief);
      } catch (HopException failed) {
        LOG.info("egress: {}", failed.getMessage());
        last = failed;
        boolean late = System.nanoTime() - began > ENOUGH.toNanos();
        if (late || watchdog.isClosed() || clientGone.getAsBoolean()) {
          break;
        }
      }
    }
    throw last;
  }

  /**
   * Another session while one is open that puts the mail off, if there is a place to go to. It has
   * no slot: who waited for his turn once must not do so again, and it is another host's.
   */
  Optional<NextHop> instead(Destination destination, Journey journey) throws HopException {
    HopException last = null;
    for (Target target : left(destination, journey)) {
      if (!journey.hasTime() || watchdog.isClosed()) {
        break;
      }
      try {
        journey.tries(target);
        UnaryOperator<Duration> patience = d -> journey.within(settings.timeouts().brief(d));
        return Optional.of(open(destination, target, patience));
      } catch (HopException failed) {
        LOG.info("egress: {}", failed.getMessage());
        last = failed;
      }
    }
    if (last != null) {
      throw last;
    }
    return Optional.empty();
  }

  /** Where names cannot be looked up now there is none, and what was said stands. */
  private List<Target> left(Destination destination, Journey journey) {
    try {
      return journey.left(directory.targets(destination));
    } catch (HopException unknown) {
      LOG.info("egress: {}", unknown.getMessage());
      return List.of();
    }
  }

  /**
   * A session with one target.
   *
   * @param patience what it gets of a usual time
   */
  private NextHop open(Destination destination, Target target, UnaryOperator<Duration> patience)
      throws HopException {
    String trouble;
    try {
      return open(destination, target, patience, Optional.empty());
    } catch (Opening.TlsFailedException failed) {
      if (destination.route().tls() != Route.Tls.OPPORTUNISTIC) {
        throw failed.cause;
      }
      trouble = failed.cause.getMessage();
      LOG.info("egress: {}; going on without TLS", trouble);
    }
    try {
      return open(destination, target, patience, Optional.of(trouble));
    } catch (Opening.TlsFailedException impossible) {
      throw impossible.cause;
    }
  }

  private NextHop open(
      Destination destination,
      Target target,
      UnaryOperator<Duration> patience,
      Optional<String> tlsTrouble)
      throws HopException, Opening.TlsFailedException {
    Wire wire = connect(target, patience.apply(settings.timeouts().connect()));
    Opening opening = new Opening(settings, tls, destination, target, wire, patience);
    return new NextHop(destination, target, wire, opening.agree(tlsTrouble), slots);
  }

  private Wire connect(Target target, Duration limit) throws HopException {
    try {
      if (target.address() instanceof UnixDomainSocketAddress) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        within(limit, channel, () -> channel.connect(target.address()));
        return Wire.of(channel, target.peer(), watchdog);
      }
      Socket socket = new Socket();
      within(
          limit,
          socket,
          () -> {
            socket.connect(target.address());
            // Small commands wait for each other's acknowledgement otherwise.
            socket.setTcpNoDelay(true);
          });
      return Wire.of(socket, target.peer(), watchdog);
    } catch (IOException refused) {
      throw HopException.ours(
          451, "4.4.1", "connect to " + target.peer() + ": " + refused.getMessage(), refused);
    }
  }

  private interface Connecting {
    void run() throws IOException;
  }

  /** A unix socket has no time of its own: with a full backlog it would wait for ever. */
  private void within(Duration limit, Closeable connection, Connecting step) throws IOException {
    Watchdog.Guard guard = watchdog.guard(connection);
    guard.arm(limit);
    try {
      step.run();
      guard.disarm();
    } catch (IOException refused) {
      connection.close();
      if (watchdog.isClosed()) {
        throw new IOException("the relay stops", refused);
      } else if (guard.hasFired()) {
        throw new IOException("nothing for " + limit.toSeconds() + " s", refused);
      }
      throw refused;
    } finally {
      guard.close();
    }
  }
}
