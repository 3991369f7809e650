package org.mailjournal.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Recorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * The relay. It listens for the MTA on this machine, opens the onward transaction while the MTA's
 * is open, and passes every reply back after it is committed. Mail stays with the MTA until the
 * next hop has it.
 */
public final class EgressRelay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EgressRelay.class);
  private static final long REPLAY_SECONDS = 10;

  private final Settings settings;
  private final Chronicle chronicle;
  private final Connector connector;
  private final Peers peers;
  private final Watchdog watchdog = new Watchdog();
  private final Activity activity = new Activity();
  private final Map<Session, Dialogue> dialogues = new ConcurrentHashMap<>();
  private final AtomicInteger threads = new AtomicInteger();
  private final ScheduledExecutorService replays =
      Executors.newSingleThreadScheduledExecutor(r -> thread(r, "egress-replay"));
  private ScheduledFuture<?> replaying;
  private final Listener listener;
  private final SMTPServer server;

  /**
   * Does not listen yet.
   *
   * @throws EgressException when the settings cannot be used
   */
  public EgressRelay(Settings settings, Recorder recorder, JournalReader reader, Clock clock) {
    this(settings, recorder, reader, clock, new Random());
  }

  EgressRelay(
      Settings settings, Recorder recorder, JournalReader reader, Clock clock, Random random) {
    this.settings = settings;
    this.peers = new Peers(settings.clients());
    this.chronicle =
        new Chronicle(
            recorder, reader, new EmergencyFile(settings.emergencyFile()), settings, clock);
    Directory directory =
        new Directory(
            new Exchangers(settings, random, watchdog),
            settings.dns().port(),
            settings.limits().addresses());
    this.connector = new Connector(settings, directory, new TlsClient(settings.trust()), watchdog);
    this.listener = Listener.of(settings.listen());
    this.server = server();
  }

  private SMTPServer server() {
    SMTPServer built =
        SMTPServer.port(settings.listen() instanceof Settings.Listen.Inet inet ? inet.port() : 0)
            .bindAddress(bindAddress())
            .hostName(Dialogue.NAME)
            .softwareName("mail-journal")
            .maxConnections(settings.limits().connections())
            .connectionTimeoutMs((int) settings.timeouts().client().toMillis())
            .executorService(sessions())
            .serverSocketFactory(listener::socket)
            .serverThreadName("egress-listener")
            .sessionHandler(new Door())
            .build();
    Verb.register(built.getCommandHandler(), dialogues::get);
    return built;
  }

  private ExecutorService sessions() {
    return new SessionThreads(
        settings.limits().connections(), r -> thread(r, "egress-" + threads.incrementAndGet()));
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private InetAddress bindAddress() {
    if (!(settings.listen() instanceof Settings.Listen.Inet inet)) {
      return InetAddress.getLoopbackAddress();
    }
    try {
      InetAddress address = InetAddress.getByName(inet.host());
      if (!address.isLoopbackAddress() && !peers.areNamed()) {
        throw EgressException.of(
            "egress.listen",
            inet.host() + " is not a loopback address, and no clients are named",
            "listen at 127.0.0.1, or name the networks of egress.clients");
      }
      return address;
    } catch (UnknownHostException unknown) {
      throw EgressException.of(
          "egress.listen", inet.host() + " has no address", "write an address", unknown);
    }
  }

  /**
   * Listens. What waits in the emergency file is handed to the journal meanwhile, and again from
   * time to time: there may be so much of it that mail would wait for minutes.
   *
   * @throws EgressException when the place to listen at cannot be had
   */
  public void start() {
    chronicle.prepare();
    try {
      server.start();
    } catch (RuntimeException taken) {
      throw EgressException.of(
          "egress.listen",
          "cannot listen at " + settings.listen() + ": " + taken.getMessage(),
          "free it or choose another",
          taken);
    }
    replaying = replays.scheduleWithFixedDelay(this::replay, 0, REPLAY_SECONDS, TimeUnit.SECONDS);
  }

  /** The TCP port that is listened at; 0 for a unix socket. */
  public int port() {
    return settings.listen() instanceof Settings.Listen.Inet ? server.getPortAllocated() : 0;
  }

  /** Hands what waits in the emergency file to the journal. */
  void replay() {
    try {
      chronicle.replay();
    } catch (RuntimeException unexpected) {
      LOG.error("egress: emergency file", unexpected);
    }
  }

  /**
   * Takes no more connections and begins no more transactions, and waits for those that are open.
   *
   * @return whether they ended in time
   */
  public boolean drain(Duration limit) throws InterruptedException {
    listener.stop();
    return activity.drain(limit);
  }

  /** Stops at once. What is open fails, and the MTA tries it again. */
  @Override
  public void close() {
    listener.stop();
    if (replaying != null) {
      replaying.cancel(true);
    }
    replays.shutdownNow();
    watchdog.close();
    server.stop();
    listener.close();
  }

  /** Lets clients in, and sees them out. */
  private final class Door implements SessionHandler {
    @Override
    public SessionAcceptance accept(Session session) {
      InetAddress client = session.getSocket().getInetAddress();
      if (!peers.mayEnter(client)) {
        LOG.warn("egress: {} may not use the relay", client.getHostAddress());
        return SessionAcceptance.failure(554, "5.7.1 mail-journal: you may not use this relay");
      }
      try {
        session.getSocket().setTcpNoDelay(true);
      } catch (SocketException gone) {
        LOG.debug("egress: client is gone", gone);
      }
      Dialogue dialogue = new Dialogue(session, settings, chronicle, connector, activity, watchdog);
      dialogues.put(session, dialogue);
      dialogue.awaitWords();
      return SessionAcceptance.success();
    }

    @Override
    public void onSessionEnd(Session session) {
      Dialogue dialogue = dialogues.remove(session);
      if (dialogue != null) {
        dialogue.close();
      }
    }
  }

  /** Where subethasmtp takes connections from. */
  interface Listener {
    ServerSocket socket() throws IOException;

    void stop();

    void close();

    static Listener of(Settings.Listen listen) {
      return listen instanceof Settings.Listen.Unix unix
          ? new UnixListener(unix.path())
          : new InetListener();
    }
  }
}
