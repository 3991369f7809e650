package org.mailjournal.relaytest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;

/** A private sendmail with our feature, its exchangers, and the daemon with its relay. */
final class SendmailWorld {
  private SendmailWorld() {}

  /** Skips the test, and says why, where no sendmail can run. */
  static void requireSendmail() {
    Optional<String> reason = RealSendmail.unavailable();
    Assumptions.assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
  }

  /**
   * Starts everything.
   *
   * @param name of the daemon's log, for diagnosis
   */
  static World start(String name) {
    requireSendmail();
    Exchanger one = Exchanger.start("mx.one.test");
    Exchanger two = Exchanger.start("mx.two.test");
    Exchanger home = Exchanger.start("mx.home.test");
    Exchanger dsn = Exchanger.start(Exchanger.Settings.named("mx.dsn.test").withDsn());
    int milter = Loopback.freePort();
    int relay = Loopback.freePort();
    Daemon daemon =
        daemon(
            name,
            milter,
            List.of(
                "egress.listen = \"inet:" + relay + "@127.0.0.1\"",
                "egress.mta-names = [ \"" + SendmailSetup.HOST_NAME + "\" ]",
                "egress.routes = [",
                route("one.test", one.address().getPort()),
                route("two.test", two.address().getPort()),
                route("home.test", home.address().getPort()),
                route("dsn.test", dsn.address().getPort()),
                // Nobody listens on tcpmux.
                route("down.test", 1),
                "]"));
    RealSendmail sendmail;
    try {
      sendmail =
          new SendmailSetup()
              .journal(milter, relay)
              .localAlias("list", "list-target@one.test")
              .forward("news", "forward-target@two.test")
              .start();
    } catch (RuntimeException | Error e) {
      daemon.close();
      throw e;
    }
    return new World(
        sendmail,
        daemon,
        new JournalCommand(Worlds::inProcess, daemon.configuration()),
        one,
        two,
        home,
        dsn,
        SendmailSetup.LOCAL_DOMAIN,
        new CopyOnWriteArrayList<>());
  }

  private static String route(String domain, int port) {
    return "{ domain = \"" + domain + "\", to = \"[127.0.0.1]:" + port + "\" }";
  }

  private static Daemon daemon(String name, int milter, List<String> configuration) {
    Path directory = Worlds.temporary("journal");
    return Daemon.start(
        new Daemon.Setup(
            Program.built(),
            directory,
            Worlds.log(name),
            Optional.empty(),
            "inet:" + milter + "@127.0.0.1",
            Optional.empty(),
            configuration));
  }
}
