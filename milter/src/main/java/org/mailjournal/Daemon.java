package org.mailjournal;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.mailjournal.cli.CommandLineProgram;
import org.mailjournal.config.Config;
import org.mailjournal.egress.EgressException;
import org.mailjournal.egress.EgressRelay;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.mailjournal.postfix.InstalledPostfix;
import org.mailjournal.postfix.PassTap;
import org.mailjournal.postfix.TapException;
import org.mailjournal.protocol.Endpoint;
import org.mailjournal.protocol.MilterServer;
import org.mailjournal.protocol.ProtocolException;
import org.mailjournal.receipt.Receipts;
import org.mailjournal.receipt.Rules;
import org.mailjournal.session.Sessions;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running daemon: opens the journal first and closes it last, so that whoever is answered is
 * answered from the journal.
 */
final class Daemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  /**
   * One after the other, as the rooms are closed: within systemd's and the administrator's 30 s,
   * with time left to close what is cut, and the journal.
   */
  private static final Duration DRAIN = Duration.ofSeconds(12);

  private static final Duration DRAIN_RELAY = Duration.ofSeconds(5);

  /** What is cut here qmgr asks again. */
  private static final Duration DRAIN_TAP = Duration.ofSeconds(5);

  static final Duration LONGEST_DRAIN = DRAIN.plus(DRAIN_RELAY).plus(DRAIN_TAP);

  private final Clock clock;
  private final SqliteJournal journal;
  private final Recorder recorder;
  private final Sessions sessions;
  private final MilterServer milter;
  private final Optional<PassTap> tap;
  private final Optional<EgressRelay> relay;
  private final Optional<Retention> retention;
  private final Optional<Receipts> receipts;
  private final String host = hostName();

  private Daemon(Config config, Clock clock) {
    this.clock = clock;
    Settings store = Settings.of(config.store().url());
    this.journal = SqliteJournal.open(store);
    var installed = config.postfix().map(p -> new InstalledPostfix(p.queueDirectory()));
    var instance = installed.map(InstalledPostfix::settings);
    boolean hasAudit = instance.filter(settings -> settings.hasAudit()).isPresent();
    this.receipts =
        config.receipts().areOn()
            ? Optional.of(
                new Receipts(ReceiptWiring.settings(config, mailName(), hasAudit), journal, clock))
            : Optional.empty();
    this.recorder = receipts.map(Receipts::recorder).orElse(journal);
    this.sessions =
        new Sessions(
            recorder,
            clock,
            onFailure(config),
            config.internalRelays(),
            receipts.isPresent() ? new Rules(ReceiptWiring.rules(config)) : ReceiptPolicy.nobody());
    this.milter =
        new MilterServer(
            MilterServer.Settings.of(
                endpoint(config.milter().listen()),
                config.milter().maxConnections(),
                config.milter().idle()),
            sessions);
    boolean only = config.receipts().only();
    this.tap =
        config
            .postfix()
            .map(
                postfix ->
                    tap(
                        postfix,
                        instance.orElseThrow(),
                        installed.orElseThrow()::again,
                        () -> only && receipts.map(Receipts::areAtWork).orElse(false)));
    this.retention =
        config.retention().map(keep -> new Retention(journal, clock, System::nanoTime, keep));
    this.relay = config.egress().map(egress -> relay(egress, store.file()));
  }

  private EgressRelay relay(Config.Egress egress, Path database) {
    return new EgressRelay(RelaySettings.of(egress, database, host), recorder, journal, clock);
  }

  private PassTap tap(
      Config.Postfix postfix,
      org.mailjournal.postfix.Settings usual,
      UnaryOperator<org.mailjournal.postfix.Settings> again,
      BooleanSupplier receiptsReplaceReports) {
    return new PassTap(
        usual
            .withTimes(
                postfix.audit(),
                shorter(postfix.audit(), usual.auditAge()),
                usual.peerTimeout(),
                usual.serviceTimeout())
            .withDrain(DRAIN_TAP),
        again,
        recorder,
        journal,
        clock,
        receiptsReplaceReports);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * Runs until SIGTERM or SIGINT.
   *
   * @return the exit code
   */
  static int run(Config config, Clock clock, PrintStream err) {
    Bounds.endWhenCrippled();
    Bounds.warn(config);
    Daemon daemon;
    try {
      daemon = new Daemon(config, clock);
    } catch (EgressException refused) {
      err.println("journal: " + refused.getMessage());
      boolean isUnknownYet = refused.getCause() instanceof UnknownHostException;
      return isUnknownYet ? CommandLineProgram.JOURNAL : CommandLineProgram.USAGE;
    }
    try {
      daemon.start();
    } catch (ProtocolException | TapException | EgressException refused) {
      daemon.milter.close();
      daemon.journal.close();
      err.println("journal: " + refused.getMessage());
      return mayPass(refused) ? CommandLineProgram.JOURNAL : CommandLineProgram.USAGE;
    } catch (JournalException refused) {
      daemon.milter.close();
      daemon.journal.close();
      throw refused;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  daemon.close();
                  ended.countDown();
                },
                "shutdown"));
    try {
      ended.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return CommandLineProgram.OK;
  }

  /**
   * An address that is not up yet, a full disk: what the system refuses is no configuration. A file
   * in a socket's place stays there until somebody moves it.
   */
  private static boolean mayPass(RuntimeException refused) {
    Throwable cause = refused.getCause();
    while (cause != null && !(cause instanceof FileAlreadyExistsException)) {
      cause = cause.getCause();
    }
    return refused.getCause() != null && cause == null;
  }

  private void start() {
    // First, so that a unit which cannot have them and is started again every second fills no
    // journal with its beginnings.
    takePlaces();
    try {
      // Before anybody is let in: a journal that cannot be written is no reason to listen.
      recordStart();
      letIn();
    } catch (JournalException | EgressException refused) {
      tap.ifPresent(PassTap::close);
      throw refused;
    }
    retention.ifPresentOrElse(Retention::start, () -> Retention.finish(journal));
    // Behind the milter: what they send comes in through it.
    receipts.ifPresentOrElse(Receipts::start, () -> Receipts.abandonAll(journal, clock));
  }

  private void recordStart() {
    String version = CommandLineProgram.version();
    try {
      journal.record(List.of(new Event.Started(now(), Source.ADMIN, host, version))).join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof JournalException known ? known : failure;
    }
  }

  private void takePlaces() {
    tap.ifPresent(PassTap::bind);
    try {
      milter.bind();
    } catch (ProtocolException refused) {
      tap.ifPresent(PassTap::close);
      throw refused;
    }
  }

  /** The ways out first: whatever is accepted can be followed. */
  private void letIn() {
    try {
      relay.ifPresent(EgressRelay::start);
    } catch (EgressException refused) {
      relay.ifPresent(EgressRelay::close);
      recordEnd();
      throw refused;
    }
    tap.ifPresent(PassTap::accept);
    milter.accept();
  }

  @Override
  public void close() {
    retention.ifPresent(Retention::close);
    receipts.ifPresent(Receipts::close);
    LOG.info("stopping: no new mail is taken, what is open may end within {} s", DRAIN.toSeconds());
    int cut = milter.drain(DRAIN);
    milter.close();
    relay.ifPresent(Daemon::drained);
    tap.ifPresent(PassTap::close);
    if (cut > 0) {
      LOG.warn("stopping: {} open transactions were told to come again", cut);
    }
    sessions.tellGap();
    recordEnd();
    journal.close();
    LOG.info("stopped");
  }

  private void recordEnd() {
    journal
        .record(List.of(new Event.Stopped(now(), Source.ADMIN, host)))
        .exceptionally(
            failure -> {
              LOG.error("stopping: the end could not be recorded: {}", failure.getMessage());
              return 0;
            })
        .join();
  }

  /** What is cut here stays with the MTA, which tries it again. */
  private static void drained(EgressRelay relay) {
    try {
      if (!relay.drain(DRAIN_RELAY)) {
        LOG.warn("stopping: some outgoing transactions are cut");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    relay.close();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static Sessions.OnFailure onFailure(Config config) {
    return switch (config.onFailure()) {
      case TEMPFAIL -> Sessions.OnFailure.TEMPFAIL;
      case ACCEPT -> Sessions.OnFailure.ACCEPT;
    };
  }

  private static Endpoint endpoint(Config.Listen listen) {
    if (listen instanceof Config.Listen.Unix unix) {
      return Endpoint.Unix.of(unix.path());
    }
    Config.Listen.Inet inet = (Config.Listen.Inet) listen;
    return new Endpoint.Inet(inet.host(), inet.port());
  }

  /** With its domain, where the machine knows it. */
  static String mailName() {
    String name = hostName();
    if (name.indexOf('.') >= 0) {
      return name;
    }
    try {
      String full = InetAddress.getLocalHost().getCanonicalHostName();
      return full.startsWith(name + ".") ? full : name;
    } catch (UnknownHostException nameless) {
      return name;
    }
  }

  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
