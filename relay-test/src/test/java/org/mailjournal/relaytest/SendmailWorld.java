package org.mailjournal.relaytest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
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
   * What a world has beyond the usual.
   *
   * @param routes behind the usual ones
   * @param daemon further lines of its configuration
   * @param sendmail wishes for it
   */
  record Extra(List<String> routes, List<String> daemon, UnaryOperator<SendmailSetup> sendmail) {
    /** A name server that knows nobody: whoever has no route does not exist. */
    static Extra nothing() {
      return new Extra(
          List.of(),
          List.of("egress.resolver = \"127.0.0.1:" + NameServer.start().address().getPort() + "\""),
          setup -> setup);
    }

    /** With the exchangers of a network, found by their MX records. */
    static Extra network(MailNetwork network, String... routes) {
      return new Extra(List.of(routes), network.configuration(), setup -> setup);
    }

    Extra daemon(String... lines) {
      List<String> more = new ArrayList<>(daemon);
      more.addAll(List.of(lines));
      return new Extra(routes, more, sendmail);
    }

    Extra sendmail(UnaryOperator<SendmailSetup> wishes) {
      return new Extra(routes, daemon, wishes);
    }
  }

  /**
   * Starts everything.
   *
   * @param name of the daemon's log, for diagnosis
   */
  static World start(String name) {
    return start(name, Extra.nothing());
  }

  /** The same, and what is asked for beyond it. */
  static World start(String name, Extra extra) {
    requireSendmail();
    Exchanger one = Exchanger.start("mx.one.test");
    Exchanger two = Exchanger.start("mx.two.test");
    Exchanger home = Exchanger.start("mx.home.test");
    Exchanger dsn = Exchanger.start(Exchanger.Settings.named("mx.dsn.test").withDsn());
    int milter = Loopback.freePort();
    int relay = Loopback.freePort();
    List<String> lines = new ArrayList<>(extra.daemon());
    lines.add("egress.listen = \"inet:" + relay + "@127.0.0.1\"");
    lines.add("egress.mta-names = [ \"" + SendmailSetup.HOST_NAME + "\" ]");
    lines.add("egress.routes = [");
    lines.add(route("one.test", one.address().getPort()));
    lines.add(route("two.test", two.address().getPort()));
    lines.add(route("home.test", home.address().getPort()));
    lines.add(route("dsn.test", dsn.address().getPort()));
    // Nobody listens on tcpmux.
    lines.add(route("down.test", 1));
    lines.addAll(extra.routes());
    lines.add("]");
    Daemon daemon = daemon(name, milter, lines);
    RealSendmail sendmail;
    try {
      sendmail =
          extra
              .sendmail()
              .apply(new SendmailSetup())
              .journal(milter, relay)
              .localAlias("list", "list-target@one.test")
              .localAlias("readers", "reader@one.test")
              .localAlias("owner-readers", "games")
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

  /** What {@code journal check} has against the sendmail.cf that m4 made. */
  static List<String> complaints(World world) {
    String cf = ((RealSendmail) world.mta()).cf().toString();
    JournalCommand.Answer answer = world.journal().run("check", "--sendmail-cf", cf);
    return (answer.out() + answer.err()).lines().filter(line -> line.contains(cf + ":")).toList();
  }

  static String route(String domain, int port) {
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
