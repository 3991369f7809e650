package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * A mail system in this process that behaves as Postfix does where we look: towards the milter,
 * towards the three services behind each pass, and in its queue directory. SubEtha takes the mail
 * in.
 */
public final class TestMta implements Mta {
  /** Logs in with AUTH PLAIN; the password is the same. */
  static final String USER = "alice";

  private static final Set<Ability> ABILITIES =
      Set.of(
          Ability.LOG,
          Ability.LOCAL_MAILBOX,
          Ability.AUTH,
          Ability.SMTPUTF8,
          Ability.EXPIRY,
          Ability.SUCCESS_REPORT);

  private final MtaSettings settings;
  private final Clock clock;
  private final Mailboxes mailboxes;
  private final QueueManager queue;
  private final ReportServices services;
  private final SMTPServer server;
  private final Map<Session, MtaSession> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();

  private TestMta(MtaSettings settings, Clock clock) throws IOException {
    this.settings = settings;
    this.clock = clock;
    QueueFiles files = new QueueFiles(settings.queueDirectory());
    mailboxes = new Mailboxes(settings.queueDirectory().resolve("mailboxes"));
    queue = new QueueManager(settings, files, mailboxes);
    services = new ReportServices(files, this::report);
    server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .hostName(settings.hostName())
            .insertReceivedHeaders(false)
            .maxMessageSize(Integer.MAX_VALUE)
            .sessionHandler(new Door())
            .build();
    MtaSession.install(server.getCommandHandler(), sessions::get);
  }

  /**
   * A test MTA with this queue directory; its path should be short, for there are sockets in it.
   */
  public static Builder builder(Path queueDirectory) {
    return new Builder(queueDirectory);
  }

  @Override
  public String name() {
    return "TestMta";
  }

  @Override
  public boolean can(Ability ability) {
    return ABILITIES.contains(ability);
  }

  @Override
  public InetSocketAddress smtp() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPortAllocated());
  }

  @Override
  public void runQueue() {
    queue.runAll();
  }

  @Override
  public List<String> queue() {
    return queue.queued();
  }

  @Override
  public List<byte[]> mailbox(String user) {
    try {
      return mailboxes.of(user);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public List<LogLine> log(String queueId) {
    return queue.log(queueId);
  }

  @Override
  public void close() {
    // A session that waits for its milter would hold up SubEtha, which waits for its sessions.
    sessions.values().forEach(MtaSession::forsake);
    server.stop();
    queue.close();
    services.close();
  }

  MtaSettings settings() {
    return settings;
  }

  Instant now() {
    return clock.instant();
  }

  boolean isUser(MtaRecipient recipient) {
    return settings.users().contains(recipient.localPart().toLowerCase(Locale.ROOT));
  }

  /** A short queue id, five digits for the microseconds and a count, as Postfix's look. */
  String nextId() {
    int micros = now().get(ChronoField.MICRO_OF_SECOND);
    return "%05X%06X".formatted(micros, ids.incrementAndGet());
  }

  void accept(MtaMessage message) throws IOException {
    queue.add(message);
  }

  private void report(ReportMail kind, String queueId, String to, List<Map<String, String>> records)
      throws IOException {
    byte[] of = queue.find(queueId).map(MtaMessage::content).orElse(new byte[0]);
    MtaMessage.Envelope envelope =
        new MtaMessage.Envelope(nextId(), now(), "", "", 0, false, false, Map.of());
    MtaRecipient recipient = new MtaRecipient(to, "rfc822;" + to, 0);
    byte[] content = kind.compose(settings.hostName(), queueId, to, records, of);
    queue.add(new MtaMessage(envelope, List.of(recipient), content));
  }

  private final class Door implements SessionHandler {
    @Override
    public SessionAcceptance accept(Session session) {
      MtaSession ours = new MtaSession(TestMta.this, session);
      sessions.put(session, ours);
      try {
        ours.begin();
      } catch (IOException gone) {
        session.quit();
      }
      return SessionAcceptance.success();
    }

    @Override
    public void onSessionEnd(Session session) {
      MtaSession ours = sessions.remove(session);
      if (ours != null) {
        ours.end();
      }
    }
  }

  /** How a test MTA is to run. */
  public static final class Builder {
    private final Path queueDirectory;
    private final Map<String, InetSocketAddress> routes = new HashMap<>();
    private final Set<String> users = new HashSet<>();
    private String hostName = "mta.test";
    private String localDomain = "local.test";
    private Optional<String> milter = Optional.empty();
    private boolean mark = true;
    private String services = "";
    private int expireAfter = Integer.MAX_VALUE;
    private int warnAfter = Integer.MAX_VALUE;
    private Clock clock = Clock.systemUTC();

    private Builder(Path queueDirectory) {
      this.queueDirectory = queueDirectory;
      users.add("postmaster");
    }

    /** Its name, {@code {j}}; {@code mta.test} by default. */
    public Builder hostName(String name) {
      hostName = name;
      return this;
    }

    /** The milter that every session is shown to: {@code inet:PORT@HOST} or {@code unix:PATH}. */
    public Builder milter(String endpoint) {
      milter = Optional.of(endpoint);
      return this;
    }

    /** Does not put the mark on RCPT. */
    public Builder unmarked() {
      mark = false;
      return this;
    }

    /** Asks the tap's sockets behind each pass, {@code private/journal-*}, not its own services. */
    public Builder tapped() {
      services = "journal-";
      return this;
    }

    /** Where mail for a domain goes; {@code *} for all others. */
    public Builder route(String domain, InetSocketAddress nextHop) {
      routes.put(domain.toLowerCase(Locale.ROOT), nextHop);
      return this;
    }

    /** A user in {@code local.test}. */
    public Builder user(String name) {
      users.add(name.toLowerCase(Locale.ROOT));
      return this;
    }

    /** The domain of its users; {@code local.test} by default. */
    public Builder localDomain(String domain) {
      localDomain = domain;
      return this;
    }

    /** Gives up what is still deferred behind so many passes. */
    public Builder expireAfter(int passes) {
      expireAfter = passes;
      return this;
    }

    /** Warns the sender of what is still deferred behind so many passes. */
    public Builder warnAfter(int passes) {
      warnAfter = passes;
      return this;
    }

    /** What time it is; the system's clock by default. */
    public Builder clock(Clock newClock) {
      clock = newClock;
      return this;
    }

    /** Takes mail from now on. */
    public TestMta start() throws IOException {
      MtaSettings settings =
          new MtaSettings(
              queueDirectory,
              hostName,
              milter,
              mark,
              services,
              routes,
              localDomain,
              users,
              expireAfter,
              warnAfter);
      TestMta mta = new TestMta(settings, clock);
      mta.server.start();
      return mta;
    }
  }
}
