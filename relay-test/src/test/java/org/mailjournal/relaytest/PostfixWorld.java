package org.mailjournal.relaytest;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;

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
        .virtualAlias("keep@one.test", "keep@one.test", "copy@two.test")
        .localAlias("list", "list-target@one.test")
        .localAlias("readers", "reader@one.test")
        .localAlias("owner-readers", "games")
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
    return start(name, wishes, (one, two) -> List.of(configuration));
  }

  /** The same, where the daemon has to know the exchangers of one.test and two.test. */
  static World start(
      String name,
      UnaryOperator<PostfixSetup> wishes,
      BiFunction<Exchanger, Exchanger, List<String>> configuration) {
    return start(name, wishes, (one, two, port) -> configuration.apply(one, two));
  }

  /** The same, where the daemon has to know the port at which Postfix takes mail. */
  static World startWith(
      String name, UnaryOperator<PostfixSetup> wishes, IntFunction<String[]> configuration) {
    return start(name, wishes, (one, two, port) -> List.of(configuration.apply(port)));
  }

  /** Lines for the daemon, from what is up before it. */
  private interface Lines {
    List<String> of(Exchanger one, Exchanger two, int port);
  }

  private static World start(String name, UnaryOperator<PostfixSetup> wishes, Lines lines) {
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
      daemon =
          Daemon.start(
              Worlds.daemon(
                  name,
                  port,
                  postfix.queueDirectory(),
                  Optional.of("postfix"),
                  lines.of(one, two, postfix.smtp().getPort())));
    } catch (RuntimeException | Error e) {
      postfix.close();
      throw e;
    }
    return new World(
        postfix,
        daemon,
        new JournalCommand(Worlds::inProcess, daemon.configuration()),
        one,
        two,
        home,
        dsn,
        PostfixSetup.LOCAL_DOMAIN,
        new CopyOnWriteArrayList<>());
  }

  static RealPostfix postfix(World world) {
    return (RealPostfix) world.mta();
  }
}
