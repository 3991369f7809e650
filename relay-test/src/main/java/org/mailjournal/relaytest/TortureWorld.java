package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.relaytest.TorturePlan.Kind;

/**
 * A mail system, its exchangers, and the daemon with the journal on a disk of its own, with a hand
 * on everything that can go wrong between them.
 *
 * @param toDaemon between the MTA and the milter, and the relay where there is one
 * @param toHops between whoever delivers and the exchangers
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
    List<Cutter> toHops)
    implements AutoCloseable {
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

  static TortureWorld start(MailSystem system, JournalCommand.Runner runner) {
    JournalDisk disk = JournalDisk.make();
    List<AutoCloseable> begun = new ArrayList<>(List.of(disk));
    try {
      return start(system, runner, disk, begun);
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
    Mta mta;
    Daemon.Setup setup;
    if (system == MailSystem.POSTFIX) {
      RealPostfix postfix = postfix(milter, toHops);
      mta = postfix;
      setup = daemon(disk, port, Optional.of(postfix.queueDirectory()), "postfix.audit = 1s");
    } else {
      int relay = Loopback.freePort();
      toDaemon.add(Cutter.before(Loopback.ipv4(relay)));
      mta = sendmail(toDaemon);
      setup = daemon(disk, port, Optional.empty(), egress(relay, toHops));
    }
    begun.add(0, mta);
    Daemon daemon = Daemon.start(setup);
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
        toHops);
  }

  private static RealPostfix postfix(Cutter milter, List<Cutter> toHops) {
    return new PostfixSetup()
        .route("one.test", toHops.get(0).port())
        .route("two.test", toHops.get(1).port())
        .route("home.test", toHops.get(2).port())
        .virtualAlias("many@alias.test", "many-ok@one.test", "many-too@two.test")
        .journal("inet:127.0.0.1:" + milter.port())
        .retryEvery(RETRY)
        .start();
  }

  private static RealSendmail sendmail(List<Cutter> toDaemon) {
    return new SendmailSetup()
        .journal(toDaemon.get(0).port(), toDaemon.get(1).port())
        .retryEvery(RETRY)
        .start();
  }

  private static String[] egress(int relay, List<Cutter> toHops) {
    return new String[] {
      "egress.listen = \"inet:" + relay + "@127.0.0.1\"",
      "egress.mta-names = [ \"" + SendmailSetup.HOST_NAME + "\" ]",
      "egress.routes = [",
      route("one.test", toHops.get(0)),
      route("two.test", toHops.get(1)),
      route("home.test", toHops.get(2)),
      "]"
    };
  }

  private static String route(String domain, Cutter to) {
    return "{ domain = \"" + domain + "\", to = \"[127.0.0.1]:" + to.port() + "\" }";
  }

  private static Daemon.Setup daemon(
      JournalDisk disk, int port, Optional<Path> queue, String... configuration) {
    Path place = disk.directory().getParent().resolveSibling("program");
    Program program = Program.built();
    return new Daemon.Setup(
        queue.isPresent() ? program.readableFrom(place) : program,
        disk.directory(),
        log(queue.isPresent() ? "postfix.log" : "sendmail.log"),
        queue.map(any -> "postfix"),
        "inet:" + port + "@127.0.0.1",
        queue,
        List.of(configuration));
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

  /** Brings a fault about. */
  void begin(Kind kind) {
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
      case CONNECTIONS_CUT -> toDaemon.forEach(Cutter::cut);
      case DISK_FULL -> disk.fill();
      case DISK_FAILED -> disk.fail();
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
      case CONNECTIONS_CUT -> toDaemon.forEach(Cutter::cut);
      case DISK_FULL -> disk.free();
      case DISK_FAILED -> {
        daemon.kill();
        disk.repair();
        daemon.start();
      }
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
