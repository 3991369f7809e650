package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** The test MTA, its exchangers, and the daemon beside it; needs neither root nor a Postfix. */
final class TestMtaWorld {
  private TestMtaWorld() {}

  /**
   * Starts everything.
   *
   * @param name of the log file, for diagnosis
   * @param configuration lines for the daemon
   */
  static World start(String name, String... configuration) {
    return startWith(name, builder -> builder, port -> configuration);
  }

  /**
   * Starts everything.
   *
   * @param wishes beyond the usual setup
   * @param configuration lines for the daemon, from the port at which the MTA takes mail
   */
  static World startWith(
      String name, UnaryOperator<TestMta.Builder> wishes, IntFunction<String[]> configuration) {
    Exchanger one = Exchanger.start("mx.one.test");
    Exchanger two = Exchanger.start("mx.two.test");
    Exchanger home = Exchanger.start("mx.home.test");
    Exchanger dsn = Exchanger.start(Exchanger.Settings.named("mx.dsn.test").withDsn());
    Path queue = Worlds.temporary("q");
    int port = Loopback.freePort();
    TestMta mta;
    try {
      mta =
          wishes
              .apply(TestMta.builder(queue))
              .milter("inet:" + port + "@127.0.0.1")
              .tapped()
              .route("one.test", one.address())
              .route("two.test", two.address())
              .route("home.test", home.address())
              .route("dsn.test", dsn.address())
              .route("down.test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))
              .user("games")
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Daemon daemon =
        Daemon.start(
            Worlds.daemon(
                name,
                port,
                queue,
                Optional.empty(),
                List.of(configuration.apply(mta.smtp().getPort()))));
    return new World(
        mta,
        daemon,
        new JournalCommand(Worlds::inProcess, daemon.configuration()),
        one,
        two,
        home,
        dsn,
        "local.test",
        new CopyOnWriteArrayList<>());
  }
}
