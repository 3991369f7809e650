package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The kernel takes connections in the name of a daemon that hangs. */
@Execution(ExecutionMode.CONCURRENT)
class HangingDaemonTest extends PostfixCase {
  @Test
  void aDaemonThatHangsIsFound() {
    machine.milter().hang();

    machine.expect(
        3,
        "@127.0.0.1: the daemon does not answer there (no word within 5 s), so no mail gets in",
        "systemctl restart mail-journal");
  }

  /** As where packets are dropped: to whoever connects, a full backlog is the same. */
  @Test
  void whereNoConnectionComesAboutWhileTheDaemonIsDownNobodyIsSaidToBeThere() throws IOException {
    machine
        .terminal()
        .over(
            new FixtureReader()
                .listened(Sample.span("2026-11-01T00:00:00Z", "2026-11-20T06:00:00Z", true)));
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 8; i++) {
        SocketChannel one = SocketChannel.open();
        waiting.add(one);
        one.configureBlocking(false);
        one.connect(full.getLocalSocketAddress());
      }
      assertFalse(waiting.get(7).finishConnect());
      int port = full.getLocalPort();
      machine.setting("milter.listen = \"inet:" + port + "@127.0.0.1\"");
      machine.main("smtpd_milters", "inet:127.0.0.1:" + port);
      machine.main("non_smtpd_milters", "inet:127.0.0.1:" + port);

      machine.expect(3, "nobody answers there (no word within 5 s)", "systemctl start");
    } finally {
      for (SocketChannel one : waiting) {
        one.close();
      }
    }
  }

  @Test
  void aRelayThatHangsIsFound() {
    SpokenTo relay = machine.listen(machine.queue().resolve("relay"));
    relay.hang();
    machine.setting("egress.listen = \"unix:" + machine.queue().resolve("relay") + "\"");

    machine.expect(
        3,
        "relay: the daemon does not answer there (no word within 5 s), so no mail goes out",
        "systemctl restart mail-journal");
  }

  @Test
  void aTapThatHangsIsFound() {
    machine.delete("spool/private/journal-trace");
    machine.listen(machine.queue().resolve("private/journal-trace")).hang();

    machine.expect(
        3,
        "private/journal-trace: the daemon does not answer there",
        "systemctl restart mail-journal");
  }
}
