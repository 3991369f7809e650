package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.store.Settings;

/**
 * A mail system, its exchangers, and the daemon with the journal on a disk of its own, with a hand
 * on everything that can go wrong between them.
 *
 * @param toDaemon between the MTA and the milter, and the relay or the pass tap
 * @param toHops between whoever delivers and the exchangers
 * @param mayPassUnrecorded whether MTA and daemon let mail pass while there is no journal
 */
record TortureWorld(
    Mta mta,
    Daemon daemon,
    JournalDisk disk,
    JournalCommand journal,
    Exchanger one,
    Exchanger two,
    Exchanger home,
    List<Cutter> toDaemon,
    List<Cutter> toHops,
    DaemonClock clock,
    boolean mayPassUnrecorded)
    implements AutoCloseable {
  /** Whose senders get the MTA's own reports only. */
  static final String HOME = "home.test";

  /** Whose senders get receipts of ours. */
  static final String TOLD = "told.test";

  private static final Duration RETRY = Duration.ofSeconds(2);

  /** Which mail systems there are. */
  enum MailSystem {
    POSTFIX,
    SENDMAIL
  }

  /** Why it cannot be had on this machine; empty if it can. */
  static Optional<String> unavailable(MailSystem system) {
    return system == MailSystem.POSTFIX ? RealPostfix.unavailable() : RealSendmail.unavailable();
  }

  /**
   * @param isAttached whether the MTA is attached to the journal
   */
  static TortureWorld start(
      MailSystem system,
      TorturePlan.OnFailure onFailure,
      boolean isAttached,
      JournalCommand.Runner runner) {
    JournalDisk disk = JournalDisk.make();
    List<AutoCloseable> begun = new ArrayList<>(List.of(disk));
    try {
      return start(system, onFailure, isAttached, runner, disk, begun);
    } catch (RuntimeException | Error e) {
      begun.forEach(TortureWorld::closeQuietly);
      throw e;
    }
  }

  private static void closeQuietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      // The failure that led here says more.
    }
  }

  private static TortureWorld start(
      MailSystem system,
      TorturePlan.OnFailure onFailure,
      boolean isAttached,
      JournalCommand.Runner runner,
      JournalDisk disk,
      List<AutoCloseable> begun) {
    Exchanger one = Exchanger.start("mx.one.test");
    Exchanger two = Exchanger.start("mx.two.test");
    Exchanger home = Exchanger.start("mx.home.test");
    List<Cutter> toHops =
        List.of(
            Cutter.before(one.address()),
            Cutter.before(two.address()),
            Cutter.before(home.address()));
    int port = Loopback.freePort();
    Cutter milter = Cutter.before(Loopback.ipv4(port));
    List<Cutter> toDaemon = new ArrayList<>(List.of(milter));
    Path program = disk.directory().getParent().resolveSibling("program");
    DaemonClock clock = DaemonClock.in(program);
    List<String> lines = new ArrayList<>();
    lines.add("on-failure = " + onFailure.name().toLowerCase(Locale.ROOT));
    Mta mta;
    Optional<Path> queue = Optional.empty();
    if (system == MailSystem.POSTFIX) {
      RealPostfix postfix = postfix(onFailure, isAttached, milter, toHops);
      mta = postfix;
      if (isAttached) {
        toDaemon.addAll(beforeTap(postfix));
      }
      queue = Optional.of(postfix.queueDirectory());
      lines.add("postfix.audit = 1s");
    } else {
      int relay = Loopback.freePort();
      toDaemon.add(Cutter.before(Loopback.ipv4(relay)));
      mta = sendmail(isAttached, toDaemon, toHops);
      lines.addAll(egress(relay, toHops));
    }
    begun.add(0, mta);
    lines.addAll(receipts(mta));
    Daemon daemon = Daemon.start(daemon(disk, clock, program, port, queue, lines));
    // The configuration lies there too, and is none of the daemon's to sync.
    Command.run("sync", "-f", disk.directory().toString()).orThrow();
    return new TortureWorld(
        mta,
        daemon,
        disk,
        new JournalCommand(runner, daemon.configuration()),
        one,
        two,
        home,
        toDaemon,
        toHops,
        clock,
        onFailure == TorturePlan.OnFailure.ACCEPT);
  }

  private static RealPostfix postfix(
      TorturePlan.OnFailure onFailure, boolean isAttached, Cutter milter, List<Cutter> toHops) {
    PostfixSetup setup = new PostfixSetup();
    if (isAttached) {
      setup.journal("inet:127.0.0.1:" + milter.port());
    }
    if (onFailure == TorturePlan.OnFailure.ACCEPT) {
      setup.main("milter_default_action", "accept");
    }
    return setup
        .route("one.test", toHops.get(0).port())
        .route("two.test", toHops.get(1).port())
        .route(HOME, toHops.get(2).port())
        .route(TOLD, toHops.get(2).port())
        .virtualAlias("many@alias.test", "many-ok@one.test", "many-too@two.test")
        .retryEvery(RETRY)
        .start();
  }

  /** Between qmgr and the three services of the daemon. */
  private static List<Cutter> beforeTap(RealPostfix postfix) {
    Path places = postfix.queueDirectory().resolve("private");
    List<Cutter> cutters = new ArrayList<>();
    for (String service : List.of("trace", "bounce", "defer")) {
      String door = "cut-" + service;
      cutters.add(Cutter.between(places.resolve(door), places.resolve("journal-" + service)));
      postfix.override("qmgr/unix", service + "_service_name", door);
    }
    postfix.reload();
    return cutters;
  }

  private static RealSendmail sendmail(
      boolean isAttached, List<Cutter> toDaemon, List<Cutter> toHops) {
    SendmailSetup setup = new SendmailSetup().retryEvery(RETRY);
    if (isAttached) {
      return setup.journal(toDaemon.get(0).port(), toDaemon.get(1).port()).start();
    }
    // Each mailer has one port, so each next hop has a mailer.
    return setup
        .lines(List.of(mailer("ESMTP", toHops.get(0)), mailer("SMTP", toHops.get(1))))
        .line(mailer("RELAY", toHops.get(2)))
        .mailertable("one.test", "esmtp:[127.0.0.1]")
        .mailertable("two.test", "smtp:[127.0.0.1]")
        .mailertable(HOME, "relay:[127.0.0.1]")
        .mailertable(TOLD, "relay:[127.0.0.1]")
        .start();
  }

  private static String mailer(String name, Cutter to) {
    return "define(`%s_MAILER_ARGS', `TCP $h %d')dnl".formatted(name, to.port());
  }

  private static List<String> egress(int relay, List<Cutter> toHops) {
    return List.of(
        "egress.listen = \"inet:" + relay + "@127.0.0.1\"",
        "egress.mta-names = [ \"" + SendmailSetup.HOST_NAME + "\" ]",
        "egress.routes = [",
        route("one.test", toHops.get(0)),
        route("two.test", toHops.get(1)),
        route(HOME, toHops.get(2)),
        route(TOLD, toHops.get(2)),
        "]");
  }

  private static List<String> receipts(Mta mta) {
    return List.of(
        "receipts.rules = [ { domain = " + TOLD + ", give = always } ]",
        "receipts.domains = [ " + TOLD + " ]",
        "receipts.patience = 4s",
        "receipts.submit = \"127.0.0.1:" + mta.smtp().getPort() + "\"");
  }

  private static String route(String domain, Cutter to) {
    return "{ domain = \"" + domain + "\", to = \"[127.0.0.1]:" + to.port() + "\" }";
  }

  private static Daemon.Setup daemon(
      JournalDisk disk,
      DaemonClock clock,
      Path place,
      int port,
      Optional<Path> queue,
      List<String> configuration) {
    Program program = Program.built();
    return new Daemon.Setup(
        clock.of(queue.isPresent() ? program.readableFrom(place) : program),
        disk.directory(),
        log(queue.isPresent() ? "postfix.log" : "sendmail.log"),
        queue.map(any -> "postfix"),
        "inet:" + port + "@127.0.0.1",
        queue,
        configuration);
  }

  /** Of this run alone. */
  private static Path log(String name) {
    Path log = Path.of("target", "torture", name);
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return log;
  }

  boolean isSendmail() {
    return mta instanceof RealSendmail;
  }

  /** Where the journal is. */
  Settings settings() {
    return Settings.of("jdbc:sqlite:" + disk.directory().resolve("journal.db"));
  }

  /** Where outcomes wait that the journal could not take. */
  Path emergencyFile() {
    return disk.directory().resolve("journal.db.emergency");
  }

  /**
   * Brings a fault about.
   *
   * @param jump how far the daemon's clock goes, where the fault is that
   */
  void begin(Kind kind, Duration jump) {
    switch (kind) {
      case DAEMON_KILLED -> daemon.kill();
      case DAEMON_STOPPED -> daemon.stop();
      case DAEMON_FROZEN -> signal("STOP");
      case MTA_KILLED -> killMta();
      case BOTH_KILLED -> {
        killMta();
        daemon.kill();
      }
      case EXCHANGERS_GONE -> toHops.forEach(Cutter::shut);
      case CONNECTIONS_CUT ->
          toDaemon.forEach(
              cutter -> {
                cutter.cut();
                cutter.swallowReplies(true);
              });
      case DISK_FULL -> disk.fill();
      case DISK_FAILED -> disk.fail();
      case CLOCK_MOVED -> clock.move(jump);
    }
  }

  /** Ends it. */
  void end(Kind kind) {
    switch (kind) {
      case DAEMON_KILLED, DAEMON_STOPPED -> daemon.start();
      case DAEMON_FROZEN -> signal("CONT");
      case MTA_KILLED -> startMta();
      case BOTH_KILLED -> {
        daemon.start();
        startMta();
      }
      case EXCHANGERS_GONE -> toHops.forEach(Cutter::open);
      case CONNECTIONS_CUT ->
          toDaemon.forEach(
              cutter -> {
                cutter.cut();
                cutter.swallowReplies(false);
              });
      case DISK_FULL -> disk.free();
      case DISK_FAILED -> {
        daemon.kill();
        disk.repair();
        daemon.start();
      }
      case CLOCK_MOVED -> clock.move(Duration.ZERO);
    }
  }

  private void signal(String name) {
    Command.run("kill", "-" + name, Long.toString(daemon.pid())).orThrow();
  }

  private void killMta() {
    if (mta instanceof RealSendmail sendmail) {
      sendmail.kill();
    } else {
      ((RealPostfix) mta).kill();
    }
  }

  private void startMta() {
    if (mta instanceof RealSendmail sendmail) {
      sendmail.startAgain();
    } else {
      ((RealPostfix) mta).startAgain();
    }
  }

  @Override
  public void close() {
    mta.close();
    toDaemon.forEach(Cutter::close);
    toHops.forEach(Cutter::close);
    daemon.close();
    one.close();
    two.close();
    home.close();
    disk.close();
  }
}
