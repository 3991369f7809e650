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
import java.util.Set;
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
      return new Opening(destination, target, patience).open(Optional.empty());
    } catch (TlsFailedException failed) {
      if (destination.route().tls() != Route.Tls.OPPORTUNISTIC) {
        throw failed.cause;
      }
      trouble = failed.cause.getMessage();
      LOG.info("egress: {}; going on without TLS", trouble);
    }
    try {
      return new Opening(destination, target, patience).open(Optional.of(trouble));
    } catch (TlsFailedException impossible) {
      throw impossible.cause;
    }
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

  /** TLS was begun and not reached; the connection is of no more use. */
  private static final class TlsFailedException extends Exception {
    private final transient HopException cause;

    private TlsFailedException(HopException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  /** The dialogue up to the first transaction. */
  private final class Opening {
    private final Destination destination;
    private final Route route;
    private final Target target;
    private final Wire wire;
    private final UnaryOperator<Duration> patience;
    private Set<String> offers = Set.of();
    private Optional<String> session = Optional.empty();
    private Optional<String> tlsTrouble = Optional.empty();

    /** Connects. */
    private Opening(Destination destination, Target target, UnaryOperator<Duration> patience)
        throws HopException {
      this.destination = destination;
      this.route = destination.route();
      this.target = target;
      this.patience = patience;
      this.wire = connect(target, patience.apply(settings.timeouts().connect()));
    }

    /** In clear where TLS has come to trouble before. */
    private NextHop open(Optional<String> earlierTrouble) throws HopException, TlsFailedException {
      boolean open = false;
      try {
        greet();
        hello();
        tlsTrouble = earlierTrouble;
        if (tlsTrouble.isEmpty()) {
          secure();
        }
        if (route.credentials().isPresent()) {
          logIn(Credentials.read(route.credentials().get()));
        }
        open = true;
        NextHop.Terms terms = new NextHop.Terms(offers, session, tlsTrouble);
        return new NextHop(destination, target, wire, terms, slots);
      } finally {
        if (!open) {
          wire.close();
        }
      }
    }

    private void greet() throws HopException {
      Answer greeting = wire.reply("greeting", patience.apply(settings.timeouts().greeting()));
      if (greeting.code() / 100 == 4) {
        throw HopException.said("greeting", target, session, greeting);
      } else if (greeting.code() != 220) {
        // 554 means that there is no mail service (RFC 5321 section 3.1), not that this mail fails.
        throw unexpected("4.4.1", "greeting", greeting);
      }
    }

    /** What was said before TLS is forgotten (RFC 3207 section 4.2), also where HELO is left. */
    private void hello() throws HopException {
      offers = Set.of();
      String verb = destination.isLmtp() ? "LHLO " : "EHLO ";
      Answer answer = command(verb.strip(), verb + settings.hostName());
      if (answer.isPositive()) {
        offers = NextHop.keywords(answer);
      } else if (answer.code() / 100 == 4) {
        throw HopException.said(verb.strip(), target, session, answer);
      } else {
        Answer helo = command("HELO", "HELO " + settings.hostName());
        if (destination.isLmtp() || !helo.isPositive()) {
          throw unexpected("4.4.1", "HELO", helo);
        }
      }
    }

    private void secure() throws HopException, TlsFailedException {
      boolean must = route.tls() != Route.Tls.OPPORTUNISTIC;
      if (target.address() instanceof UnixDomainSocketAddress) {
        return;
      }
      if (!offers.contains("STARTTLS")) {
        if (must) {
          throw HopException.ours(
              451, "4.7.4", "STARTTLS with " + wire.peer() + ": it is not offered", null);
        }
        return;
      }
      Answer answer = command("STARTTLS", "STARTTLS");
      if (answer.code() == 220) {
        handshake();
        hello();
      } else if (must) {
        throw unexpected("4.7.4", "STARTTLS", answer);
      } else {
        tlsTrouble = Optional.of("STARTTLS with " + wire.peer() + ": it said " + answer.text());
      }
    }

    private void handshake() throws TlsFailedException {
      try {
        String host = target.host().orElse("").replaceAll("[\\[\\]]", "");
        Duration limit = patience.apply(settings.timeouts().command());
        wire.startTls(tls, host, route.tls() == Route.Tls.VERIFIED, limit);
        session = wire.tls();
      } catch (HopException failed) {
        throw new TlsFailedException(HopException.ours(451, "4.7.5", failed.getMessage(), failed));
      }
    }

    private void logIn(Credentials credentials) throws HopException {
      if (session.isEmpty() && !route.plainLogin()) {
        throw HopException.ours(
            451, "4.7.11", "AUTH with " + wire.peer() + ": no password without TLS", null);
      }
      Answer answer;
      if (offers.contains("AUTH PLAIN")) {
        answer = command("AUTH", "AUTH PLAIN " + credentials.plain());
      } else if (offers.contains("AUTH LOGIN")) {
        answer = login(credentials);
      } else {
        throw HopException.ours(
            451, "4.7.0", "AUTH with " + wire.peer() + ": neither PLAIN nor LOGIN", null);
      }
      if (answer.code() != 235) {
        throw unexpected("4.7.8", "AUTH", answer);
      }
    }

    private Answer login(Credentials credentials) throws HopException {
      Answer answer = command("AUTH", "AUTH LOGIN");
      if (answer.code() == 334) {
        answer = command("AUTH", credentials.loginName());
      }
      return answer.code() == 334 ? command("AUTH", credentials.loginPassword()) : answer;
    }

    private Answer command(String stage, String line) throws HopException {
      return wire.ask(stage, line, patience.apply(settings.timeouts().command()));
    }

    private HopException unexpected(String dsn, String stage, Answer answer) {
      return HopException.ours(
          451, dsn, stage + " with " + wire.peer() + ": it said " + answer.text(), null);
    }
  }
}
