package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.mailjournal.Main;

/** A private Postfix with our settings, its exchangers, and the daemon beside it. */
final class PostfixWorld {
  private PostfixWorld() {}

  /** Skips the test, and says why, where no Postfix can run. */
  static void requirePostfix() {
    Optional<String> reason = RealPostfix.unavailable();
    Assumptions.assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
  }

  /** The names that every scenario uses. */
  static PostfixSetup usual(Exchanger one, Exchanger two, Exchanger home, Exchanger dsn) {
    return new PostfixSetup()
        .route("one.test", one.address().getPort())
        .route("two.test", two.address().getPort())
        .route("home.test", home.address().getPort())
        .route("dsn.test", dsn.address().getPort())
        // Nobody listens on tcpmux.
        .route("down.test", 1)
        .route("nowhere.test", "smtp:nowhere.test")
        .virtualAlias("solo@alias.test", "solo-target@one.test")
        .virtualAlias(
            "many@alias.test", "many-ok@one.test", "many-busy@one.test", "many-no@two.test")
        .localAlias("list", "list-target@one.test")
        .forward("news", "forward-target@two.test")
        // A client that XCLIENT names is none of ours, so these must be.
        .main("relay_domains", "one.test, two.test, home.test, dsn.test");
  }

  /**
   * Starts everything.
   *
   * @param name of the log file, for diagnosis
   * @param wishes beyond the usual setup
   * @param configuration lines for the daemon
   */
  static World start(String name, UnaryOperator<PostfixSetup> wishes, String... configuration) {
    requirePostfix();
    Exchanger one = Exchanger.start("mx.one.test");
    Exchanger two = Exchanger.start("mx.two.test");
    Exchanger home = Exchanger.start("mx.home.test");
    Exchanger dsn = Exchanger.start(Exchanger.Settings.named("mx.dsn.test").withDsn());
    int port = Loopback.freePort();
    RealPostfix postfix =
        wishes.apply(usual(one, two, home, dsn)).journal("inet:127.0.0.1:" + port).start();
    Daemon daemon;
    try {
      daemon = daemon(name, port, postfix.queueDirectory(), List.of(configuration));
    } catch (RuntimeException | Error e) {
      postfix.close();
      throw e;
    }
    return new World(
        postfix,
        daemon,
        new JournalCommand(PostfixWorld::inProcess, daemon.configuration()),
        one,
        two,
        home,
        dsn,
        PostfixSetup.LOCAL_DOMAIN,
        new CopyOnWriteArrayList<>());
  }

  /** Faster than a process for each question. */
  private static int inProcess(String[] arguments, PrintStream out, PrintStream err) {
    return Main.run(arguments, out, err, false);
  }

  private static Daemon daemon(String name, int port, Path queue, List<String> configuration) {
    Path directory;
    try {
      directory = Files.createTempDirectory("journal");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Daemon.start(
        new Daemon.Setup(
            Program.built().readableFrom(directory.resolve("program")),
            directory,
            log(name),
            Optional.of("postfix"),
            "inet:" + port + "@127.0.0.1",
            Optional.of(queue),
            configuration));
  }

  /** Stays when all else is removed. */
  static Path log(String name) {
    return Path.of("target", "scenarios", name + ".log");
  }

  static RealPostfix postfix(World world) {
    return (RealPostfix) world.mta();
  }
}
