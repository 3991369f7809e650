package org.mailjournal.relaytest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.mailjournal.journal.Bytes;
import org.subethamail.smtp.AuthenticationHandlerFactory;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * A mail exchanger on loopback that does what the test's scripts say and keeps what it got. It
 * takes every message by default, and gives each a queue id of its own.
 */
public final class Exchanger implements AutoCloseable {
  /** The keywords that an exchanger offers unless told otherwise: what Postfix offers, less DSN. */
  public static final List<String> KEYWORDS =
      List.of("PIPELINING", "SIZE 52428800", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8");

  /**
   * How to run one.
   *
   * @param name its host name, in greeting and EHLO
   * @param port 0 for any
   * @param keywords what EHLO offers, without STARTTLS, which {@code tls} decides
   * @param lmtp LHLO, and one reply per recipient behind the final dot (RFC 2033)
   * @param login name and password without which MAIL is refused (RFC 4954)
   */
  public record Settings(
      String name,
      InetAddress address,
      int port,
      List<String> keywords,
      boolean lmtp,
      Optional<SSLContext> tls,
      Optional<Login> login) {
    public Settings {
      keywords = List.copyOf(keywords);
    }

    /** The usual exchanger, under this name. */
    public static Settings named(String name) {
      return new Settings(
          name,
          InetAddress.getLoopbackAddress(),
          0,
          KEYWORDS,
          false,
          Optional.empty(),
          Optional.empty());
    }

    /** The same, at a given address and port. */
    public Settings at(InetAddress newAddress, int newPort) {
      return new Settings(name, newAddress, newPort, keywords, lmtp, tls, login);
    }

    /** The same with these EHLO keywords only. */
    public Settings offering(String... newKeywords) {
      return new Settings(name, address, port, List.of(newKeywords), lmtp, tls, login);
    }

    /** The same with DSN offered as well. */
    public Settings withDsn() {
      return offering(Stream.concat(keywords.stream(), Stream.of("DSN")).toArray(String[]::new));
    }

    /** The same, speaking LMTP. */
    public Settings speakingLmtp() {
      return new Settings(name, address, port, keywords, true, tls, login);
    }

    /** The same, offering STARTTLS. */
    public Settings withTls(SSLContext context) {
      return new Settings(name, address, port, keywords, lmtp, Optional.of(context), login);
    }

    /** The same, for those only who log in. */
    public Settings withLogin(String user, String password) {
      Settings offering =
          offering(
              Stream.concat(keywords.stream(), Stream.of("AUTH PLAIN")).toArray(String[]::new));
      return new Settings(
          name,
          address,
          port,
          offering.keywords(),
          lmtp,
          tls,
          Optional.of(new Login(user, password)));
    }
  }

  /** What a client logs in with. */
  public record Login(String user, String password) {}

  /** A recipient that was taken, with its parameters (NOTIFY, ORCPT) as they came. */
  public record Taken(String address, Map<String, String> parameters) {}

  /**
   * A message whose final dot arrived and was not refused.
   *
   * @param acknowledged false where the connection was dropped instead of the reply: the sender
   *     will come again
   * @param senderParameters RET, ENVID, BODY, SMTPUTF8, SIZE as they came
   * @param recipients those that were taken (in LMTP also at the end)
   * @param content as it came, without dot-stuffing and final dot
   */
  public record Received(
      Instant at,
      String queueId,
      boolean acknowledged,
      String helo,
      String sender,
      Map<String, String> senderParameters,
      List<Taken> recipients,
      Bytes content) {
    public Received {
      recipients = List.copyOf(recipients);
    }

    /** The Message-ID field's value, with its angle brackets; empty without one. */
    public String messageId() {
      return Headers.first(content.toArray(), "Message-ID").orElse("");
    }
  }

  /**
   * A recipient that was refused, for good or for now, when he was named or behind the content.
   *
   * @param reply in one line
   */
  public record Refused(Instant at, String recipient, Stage stage, String reply) {}

  private final Settings settings;
  private final SMTPServer server;
  private final Map<Session, ExchangerSession> sessions = new ConcurrentHashMap<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
  private final AtomicInteger sessionCount = new AtomicInteger();
  private final AtomicInteger idCount = new AtomicInteger();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Queue<Refused> refused = new ConcurrentLinkedQueue<>();
  private final Gate gate = new Gate();
  private volatile Script sessionScript = Script.accept();
  private volatile Script otherwise = Script.accept();

  private Exchanger(Settings settings) {
    this.settings = settings;
    SMTPServer.Builder builder =
        SMTPServer.port(settings.port())
            .bindAddress(settings.address())
            .hostName(settings.name())
            .insertReceivedHeaders(false)
            .maxMessageSize(Integer.MAX_VALUE)
            .enableTLS(settings.tls().isPresent())
            .sessionHandler(new Door());
    settings.tls().ifPresent(builder::startTlsSocketFactory);
    settings.login().ifPresent(login -> builder.authenticationHandlerFactory(doorman(login)));
    server = builder.build();
    ExchangerSession.install(server.getCommandHandler(), sessions::get);
  }

  private static AuthenticationHandlerFactory doorman(Login login) {
    return new EasyAuthenticationHandlerFactory(
        (user, password, context) -> {
          if (!login.equals(new Login(user, password))) {
            throw new LoginFailedException();
          }
        });
  }

  /** One that runs, on any port of loopback. */
  public static Exchanger start(String name) {
    return start(Settings.named(name));
  }

  /** One that runs. */
  public static Exchanger start(Settings settings) {
    Exchanger exchanger = new Exchanger(settings);
    exchanger.server.start();
    return exchanger;
  }

  public String name() {
    return settings.name();
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(settings.address(), server.getPortAllocated());
  }

  /** From now on does so at this recipient: a whole address, or a local part in any domain. */
  public Exchanger at(String recipient, Script script) {
    scripts.put(key(recipient), script);
    attempts.remove(key(recipient));
    return this;
  }

  /** From now on does so at recipients without a script of their own. */
  public Exchanger otherwise(Script script) {
    otherwise = script;
    return this;
  }

  /** From now on does so in whole sessions, counted from the next one; it precedes recipients'. */
  public Exchanger inSessions(Script script) {
    sessionCount.set(0);
    sessionScript = script;
    return this;
  }

  /** Lets go of everything that stalls, now. */
  public void release() {
    gate.open();
  }

  /** How many sessions stall just now. */
  public int stalled() {
    return gate.waiting();
  }

  /** How many sessions came since the start, or since {@link #inSessions}. */
  public int sessionsSeen() {
    return sessionCount.get();
  }

  /** How many RCPT came for this address. */
  public int attempts(String address) {
    AtomicInteger count = attempts.get(address.toLowerCase(Locale.ROOT));
    return count == null ? 0 : count.get();
  }

  /** All messages that came, in order. */
  public List<Received> received() {
    return List.copyOf(received);
  }

  /** Every refusal that its scripts gave a recipient, in order. */
  public List<Refused> refused() {
    return List.copyOf(refused);
  }

  /** The messages that came for this recipient, in order. */
  public List<Received> received(String recipient) {
    return received.stream()
        .filter(m -> m.recipients().stream().anyMatch(r -> r.address().equals(recipient)))
        .toList();
  }

  /** How often a message with this Message-ID (with angle brackets) came. */
  public int count(String messageId) {
    return (int) received.stream().filter(m -> m.messageId().equals(messageId)).count();
  }

  @Override
  public void close() {
    gate.shut();
    server.stop();
  }

  Settings settings() {
    return settings;
  }

  Gate gate() {
    return gate;
  }

  /** Takes note of a refusal that is about to be given. */
  void refuse(String recipient, Script.Act act) {
    if (act instanceof Script.Answer answer) {
      String words = answer.reply().code() + " " + String.join(" ", answer.reply().lines());
      refused.add(new Refused(Instant.now(), recipient, act.stage(), words));
    }
  }

  void add(Received message) {
    received.add(message);
  }

  String nextId() {
    return "X%05d%06X".formatted(address().getPort(), idCount.incrementAndGet());
  }

  /** The act for one more RCPT of this address; counts it. */
  Optional<Script.Act> nextAct(String address) {
    String whole = key(address);
    int attempt = attempts.computeIfAbsent(whole, k -> new AtomicInteger()).getAndIncrement();
    int at = whole.lastIndexOf('@');
    Script script = scripts.get(whole);
    if (script == null && at >= 0) {
      script = scripts.get(whole.substring(0, at));
    }
    return (script == null ? otherwise : script).at(attempt);
  }

  private static String key(String recipient) {
    return recipient.toLowerCase(Locale.ROOT);
  }

  /** SubEtha's door: the only place to act before the greeting. */
  private final class Door implements SessionHandler {
    @Override
    public SessionAcceptance accept(Session session) {
      var act = sessionScript.at(sessionCount.getAndIncrement());
      ExchangerSession ours = new ExchangerSession(Exchanger.this, session, act);
      sessions.put(session, ours);
      ours.greet();
      return SessionAcceptance.success();
    }

    @Override
    public void onSessionEnd(Session session) {
      sessions.remove(session);
    }
  }
}
