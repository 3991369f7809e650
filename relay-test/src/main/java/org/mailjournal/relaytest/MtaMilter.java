package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The milter at the side of one session of the test MTA, or none. When it cannot be reached or
 * breaks off, the session gets temporary refusals, as with {@code milter_default_action=tempfail}.
 */
final class MtaMilter {
  /** One command to the milter. */
  @FunctionalInterface
  interface Ask {
    Verdict of(MilterClient milter) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(MtaMilter.class);

  private final MtaSettings settings;
  private volatile Optional<MilterClient> client = Optional.empty();
  private Verdict instead = Verdict.NONE;

  MtaMilter(MtaSettings settings) {
    this.settings = settings;
  }

  void connected(InetSocketAddress from) {
    if (settings.milter().isEmpty()) {
      return;
    }
    try {
      MilterClient milter = MilterClient.open(settings.milter().get(), Habit.POSTFIX);
      client = Optional.of(milter);
      String address = from.getAddress().getHostAddress();
      boolean six = from.getAddress() instanceof Inet6Address;
      milter.define("j", settings.hostName());
      milter.define("v", "TestMta");
      milter.define("{daemon_name}", "smtpd");
      milter.define("{daemon_addr}", "127.0.0.1");
      milter.define("{client_addr}", address);
      milter.define("{client_name}", "localhost");
      milter.define("{client_port}", Integer.toString(from.getPort()));
      milter.define("_", "localhost [" + address + "]");
      MilterClient.Family family = six ? MilterClient.Family.INET6 : MilterClient.Family.INET;
      Verdict verdict = milter.connection("localhost", family, address, from.getPort());
      instead = verdict.refuses() ? verdict : Verdict.NONE;
    } catch (IOException failed) {
      broken(failed);
    }
  }

  void define(String name, String value) {
    client.ifPresent(milter -> milter.define(name, value));
  }

  Verdict ask(Ask command) {
    if (instead.refuses() || client.isEmpty()) {
      return instead;
    }
    try {
      return command.of(client.get());
    } catch (IOException failed) {
      broken(failed);
      return instead;
    }
  }

  /** Shows the content and waits for the last word. */
  Verdict message(MessageContent content) {
    Verdict verdict = ask(content::show);
    if (verdict.refuses()) {
      abort();
      return verdict;
    }
    return ask(MilterClient::endOfMessage);
  }

  void abort() {
    ask(
        milter -> {
          milter.abort();
          return Verdict.NONE;
        });
  }

  void close() {
    client.ifPresent(MtaMilter::leave);
    client = Optional.empty();
  }

  /** Says good-bye, also to a milter that refused the client. */
  private static void leave(MilterClient milter) {
    try (milter) {
      if (milter.inMessage()) {
        milter.abort();
      }
      milter.quit();
    } catch (IOException alreadyGone) {
      LOG.debug("quit: {}", alreadyGone.getMessage());
    }
  }

  void forsake() {
    client.ifPresent(MtaMilter::drop);
  }

  private void broken(IOException failed) {
    LOG.warn("milter {}: {}", settings.milter().orElse(""), failed.toString());
    client.ifPresent(MtaMilter::drop);
    client = Optional.empty();
    instead = new Verdict(Verdict.Word.TEMPFAIL, "", List.of());
  }

  private static void drop(MilterClient milter) {
    try {
      milter.close();
    } catch (IOException alreadyBroken) {
      LOG.debug("close: {}", alreadyBroken.getMessage());
    }
  }
}
