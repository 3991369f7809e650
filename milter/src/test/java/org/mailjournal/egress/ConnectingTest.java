package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Next hops that take their time, or neither take a connection nor refuse it. */
final class ConnectingTest {
  private static final Duration SOON = Duration.ofSeconds(45);

  @TempDir Path directory;
  private final List<AutoCloseable> waiting = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : waiting) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T kept(T one) {
    waiting.add(one);
    return one;
  }

  /** Its kernel drops every SYN, at each address of the machine. */
  private int aPortWithAFullBacklog() throws IOException {
    ServerSocket server = kept(new ServerSocket(0, 1));
    while (true) {
      try {
        kept(new Socket())
            .connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()),
                300);
      } catch (SocketTimeoutException full) {
        return server.getLocalPort();
      }
    }
  }

  private Path aSocketWithAFullBacklog() throws IOException {
    UnixDomainSocketAddress place = UnixDomainSocketAddress.of(directory.resolve("lmtp"));
    kept(ServerSocketChannel.open(StandardProtocolFamily.UNIX)).bind(place, 1);
    while (true) {
      SocketChannel channel = kept(SocketChannel.open(StandardProtocolFamily.UNIX));
      channel.configureBlocking(false);
      try {
        channel.connect(place);
      } catch (SocketException full) {
        return place.getPath();
      }
    }
  }

  private static boolean isConnecting() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(
            frame ->
                frame.getClassName().equals(Connector.class.getName())
                    && frame.getMethodName().equals("connect"));
  }

  private void stopsWhileItConnects(RelayFixture fixture) throws IOException {
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.send("RCPT TO:<b@example.net>\r\n");
      await().until(ConnectingTest::isConnecting);
      assertTimeoutPreemptively(SOON, fixture::close);
    }
  }

  @Test
  void aMailboxServerThatTakesNoConnectionIsLeftAfterItsTime() throws IOException {
    String hop = "lmtp:unix:" + aSocketWithAFullBacklog();
    RelayFixture fixture =
        new RelayFixture(directory)
            .route(Route.of("*", hop, Optional.empty(), Optional.empty()))
            .patience(Duration.ofSeconds(1))
            .start();
    try (FakeClient client = fixture.client()) {
      String reply =
          assertTimeoutPreemptively(
              SOON,
              () -> client.mail("a@example.org", "b@example.net", RelayFixture.message("Q1")));
      assertTrue(reply.startsWith("451 4.4.1 mail-journal: connect to "), reply);
      assertTrue(reply.endsWith(": nothing for 1 s"), reply);
    } finally {
      fixture.close();
    }
  }

  @Test
  void aRelayThatStopsGoesToNoOtherExchanger() throws IOException {
    int port = aPortWithAFullBacklog();
    try (FakeDns dns = new FakeDns().mx("example.net", 10, "mx.example.com")) {
      for (int i = 1; i <= 10; i++) {
        dns.address("mx.example.com", "127.0.0." + i);
      }
      stopsWhileItConnects(
          new RelayFixture(directory)
              .dns(dns.address(), port)
              .patience(Duration.ofMinutes(2))
              .start());
    }
  }

  private RelayFixture twoExchangers(FakeDns dns, int port, Duration patience) throws IOException {
    dns.mx("d.example", 10, "slow.example").address("slow.example", "127.0.0.3");
    dns.mx("d.example", 20, "good.example").address("good.example", "127.0.0.4");
    return kept(new RelayFixture(directory))
        .dns(dns.address(), port, InetAddress.getByName("192.0.2.99"))
        .patience(Duration.ofMinutes(2))
        .nextPatience(patience)
        .start();
  }

  /** Behind its 220 it waits for a line, which no TLS brings. */
  @ParameterizedTest
  @ValueSource(strings = {FakeHop.SILENCE, "220 2.0.0 go\r\n"})
  void anExchangerThatStallsInStartTlsIsLeftForTheNext(String reply) throws Exception {
    try (FakeDns dns = new FakeDns();
        FakeHop slow = FakeHop.start("127.0.0.3", 0);
        FakeHop good = FakeHop.start("127.0.0.4", slow.port())) {
      slow.offers("PIPELINING", "STARTTLS").says("STARTTLS", reply);
      slow.says("EHLO", "250-hop\r\n250 STARTTLS\r\n", FakeHop.SILENCE);
      RelayFixture fixture = twoExchangers(dns, slow.port(), Duration.ofSeconds(2));
      try (FakeClient client = fixture.client()) {
        assertEquals(
            "250 2.0.0 Ok: queued as 1",
            assertTimeoutPreemptively(
                SOON,
                () -> client.mail("a@example.org", "b@d.example", RelayFixture.message("Q1"))));
      }
      assertEquals(1, good.connections());
    }
  }

  @Test
  void noOtherExchangerIsTriedForAnMtaThatHasLeft() throws Exception {
    try (FakeDns dns = new FakeDns();
        FakeHop slow = FakeHop.start("127.0.0.3", 0);
        FakeHop good = FakeHop.start("127.0.0.4", slow.port())) {
      slow.says("greeting", FakeHop.LATE + FakeHop.CLOSE);
      RelayFixture fixture = twoExchangers(dns, slow.port(), Duration.ofMinutes(1));
      fixture.received("Q1", "a@example.org", "b@d.example");
      try (FakeClient client = fixture.client()) {
        client.send("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@d.example>\r\n");
        await().until(() -> slow.connections() == 1);
      }
      slow.goOn();
      await().atMost(SOON).until(() -> !fixture.outcomes().isEmpty());
      String reason = fixture.onlyOutcome().reason().get();
      assertTrue(reason.contains("greeting with slow.example"), reason);
      assertEquals(0, good.connections());
    }
  }

  @Test
  void aRelayThatStopsWaitsForNoMailboxServer() throws IOException {
    String hop = "lmtp:unix:" + aSocketWithAFullBacklog();
    stopsWhileItConnects(
        new RelayFixture(directory)
            .route(Route.of("*", hop, Optional.empty(), Optional.empty()))
            .patience(Duration.ofMinutes(2))
            .start());
  }
}
