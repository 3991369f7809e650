package org.mailjournal.egress;

import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The dialogue up to the first transaction. */
final class Opening {
  private final Settings settings;
  private final TlsClient tls;
  private final Destination destination;
  private final Route route;
  private final Target target;
  private final Wire wire;
  private final UnaryOperator<Duration> patience;
  private Set<String> offers = Set.of();
  private Optional<String> session = Optional.empty();
  private Optional<String> tlsTrouble = Optional.empty();

  Opening(
      Settings settings,
      TlsClient tls,
      Destination destination,
      Target target,
      Wire wire,
      UnaryOperator<Duration> patience) {
    this.settings = settings;
    this.tls = tls;
    this.destination = destination;
    this.route = destination.route();
    this.target = target;
    this.wire = wire;
    this.patience = patience;
  }

  /**
   * What holds for the session; where there is none the connection is closed.
   *
   * @param earlierTrouble why TLS was not reached on another connection; this one stays in clear
   */
  NextHop.Terms agree(Optional<String> earlierTrouble) throws HopException, TlsFailedException {
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
      return new NextHop.Terms(offers, session, tlsTrouble);
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

  /** TLS was begun and not reached; the connection is of no more use. */
  static final class TlsFailedException extends Exception {
    final transient HopException cause;

    private TlsFailedException(HopException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
