package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

final class RoutingTest {
  private static final String A = "a@example.org";

  @TempDir Path directory;

  private static Route route(String domain, String to) {
    return Route.of(domain, to, Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "example.net, exact:1",
    "sub.example.net, suffix:2",
    "a.b.example.net, suffix:2",
    "myexample.net, all:3",
    "'', own:4"
  })
  void theFirstRouteThatMatchesIsTaken(String domain, String expected) {
    List<Route> routes =
        List.of(
            route("Example.Net", "exact:1"),
            route(".example.net", "suffix:2"),
            route(RelayFixture.MTA, "own:4"),
            route("*", "all:3"));
    assertEquals(expected, Destination.of(routes, domain, RelayFixture.MTA).toString());
  }

  @Test
  void withoutARouteADomainsExchangersAreTaken() {
    assertEquals("example.net", Destination.of(List.of(), "Example.NET", "us").toString());
  }

  @Test
  void hopsAreWrittenInTheConfigurationsWords() {
    assertEquals(new Route.Hop.Mx(), route("*", "mx").to());
    assertEquals(new Route.Hop.Smtp("2001:db8::1", 587), route("*", "[2001:db8::1]:587").to());
    assertEquals(new Route.Hop.LmtpInet("host", 24), route("*", "lmtp:inet:host:24").to());
    assertEquals(new Route.Hop.LmtpUnix(Path.of("/x/y")), route("*", "lmtp:unix:/x/y").to());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        "host:0",
        "host:70000",
        "2001:db8::1:25",
        ":25",
        "lmtp:unix:relative",
        "lmtp:host"
      })
  void aMalformedHopIsRefusedWithACure(String to) {
    String text = assertThrows(EgressException.class, () -> route("*", to)).getMessage();
    assertTrue(text.startsWith("egress.routes: to is '" + to + "'; write "), text);
  }

  @Test
  void recipientsForAnotherPlaceAreAskedToComeAgain() throws IOException {
    try (FakeHop one = FakeHop.start();
        FakeHop two = FakeHop.start();
        RelayFixture fixture =
            new RelayFixture(directory).route("one.example", one).route("two.example", two)) {
      fixture.start();
      fixture.received("Q1", A, "b@one.example", "c@two.example");
      try (FakeClient client = fixture.client()) {
        client.ask("MAIL FROM:<a@example.org>");
        assertEquals("250 2.1.5 Ok", client.ask("RCPT TO:<b@one.example>"));
        assertTrue(
            client.ask("RCPT TO:<c@two.example>").startsWith("451 4.3.0 mail-journal: one dest"));
        client.ask("DATA");
        client.send(RelayFixture.message("Q1") + ".\r\n");
        assertEquals("250 2.0.0 Ok: queued as 1", client.reply());
        client.mail(A, "c@two.example", RelayFixture.message("Q1"));
      }
      assertEquals(1, one.contents().size());
      assertEquals(1, two.contents().size());
      assertEquals(
          List.of(Status.DELAYED, Status.RELAYED, Status.RELAYED),
          fixture.outcomes().stream().map(Event.Outcome::status).toList());
      assertTrue(fixture.journal.message("Q1").get().isFinished());
    }
  }

  @Test
  void domainsThatLeadToTheSamePlaceShareATransaction() throws IOException {
    try (FakeHop gate = FakeHop.start();
        RelayFixture fixture =
            new RelayFixture(directory).route("one.example", gate).route("two.example", gate)) {
      fixture.start();
      try (FakeClient client = fixture.client()) {
        client.ask("MAIL FROM:<a@example.org>");
        assertEquals("250 2.1.5 Ok", client.ask("RCPT TO:<b@one.example>"));
        assertEquals("250 2.1.5 Ok", client.ask("RCPT TO:<c@two.example>"));
      }
      assertEquals(1, gate.connections());
    }
  }

  @Test
  void mailboxesAnswerForEachRecipientWhenTheMtaSpeaksLmtp() throws IOException {
    Path socket = directory.resolve("lmtp");
    try (FakeHop hop = FakeHop.start(socket).speaksLmtp();
        RelayFixture fixture =
            new RelayFixture(directory).route(route("*", "lmtp:unix:" + socket))) {
      fixture.start();
      hop.says("content", "250 2.0.0 <b> 4f9 Saved\r\n", "452 4.2.2 <c> over quota\r\n");
      try (FakeClient client = fixture.client()) {
        client.ask("LHLO mail.example.org");
        client.ask("MAIL FROM:<a@example.org>");
        client.ask("RCPT TO:<b@local.example>");
        client.ask("RCPT TO:<c@local.example>");
        client.ask("DATA");
        client.send(RelayFixture.message("Q1") + ".\r\n");
        assertEquals("250 2.0.0 <b> 4f9 Saved", client.reply());
        assertEquals("452 4.2.2 <c> over quota", client.reply());
      }
      assertEquals(
          List.of(Status.DELIVERED, Status.DELAYED),
          fixture.outcomes().stream().map(Event.Outcome::status).toList());
      assertEquals(Optional.of(socket.toString()), fixture.outcomes().get(0).remote().address());
    }
  }

  @Test
  void mailboxesAreServedOneByOneWhenTheMtaSpeaksSmtp() throws IOException {
    try (FakeHop hop = FakeHop.start().speaksLmtp();
        RelayFixture fixture =
            new RelayFixture(directory).route(route("*", "lmtp:inet:127.0.0.1:" + hop.port()))) {
      fixture.start();
      try (FakeClient client = fixture.client()) {
        client.ask("MAIL FROM:<a@example.org>");
        assertTrue(client.ask("RCPT TO:<b@local.example>").startsWith("250"));
        assertTrue(client.ask("RCPT TO:<c@local.example>").startsWith("452 4.5.3"));
        client.ask("DATA");
        client.send(RelayFixture.message("Q1") + ".\r\n");
        assertTrue(client.reply().startsWith("250"));
      }
      assertTrue(hop.commands().get(0).startsWith("LHLO "));
      assertEquals(Status.DELIVERED, fixture.outcomes().get(1).status());
    }
  }

  @Test
  void aKeptHopThatDiesHoldsUpNoMailToAnother() throws IOException {
    try (FakeHop dead = FakeHop.start();
        FakeHop other = FakeHop.start();
        RelayFixture fixture =
            new RelayFixture(directory)
                .route("one.example", dead)
                .route("two.example", other)
                .patience(Duration.ofMinutes(1))) {
      fixture.start();
      dead.says("RSET", FakeHop.SILENCE);
      try (FakeClient client = fixture.client()) {
        client.mail(A, "b@one.example", RelayFixture.message("Q1"));
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> client.mail(A, "b@two.example", RelayFixture.message("Q2")));
      }
      assertEquals(1, other.contents().size());
    }
  }

  @Test
  void aPublicAddressNeedsNamedClients() {
    RelayFixture fixture =
        new RelayFixture(directory).listen(new Settings.Listen.Inet("0.0.0.0", 0));
    String text = assertThrows(EgressException.class, fixture::start).getMessage();
    assertTrue(text.contains("no clients are named"), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0/0", "::/0", "128.0.0.0/1", "example.org", "192.0.2.0/33", "192.0.2.0/x"})
  void everybodyIsNoNetwork(String network) {
    assertThrows(EgressException.class, () -> new Peers(List.of(network)));
  }

  @Test
  void onlyThisMachineAndNamedNetworksMayEnter() throws IOException {
    Peers peers = new Peers(List.of("192.0.2.128/25", "2001:db8::/32"));
    assertTrue(peers.mayEnter(InetAddress.getByName("127.0.0.5")));
    assertTrue(peers.mayEnter(InetAddress.getByName("0:0:0:0:0:0:0:1")));
    assertTrue(peers.mayEnter(InetAddress.getByName("192.0.2.200")));
    assertTrue(peers.mayEnter(InetAddress.getByName("2001:db8:1::1")));
    assertFalse(peers.mayEnter(InetAddress.getByName("192.0.2.1")));
    assertFalse(peers.mayEnter(InetAddress.getByName("2001:db9::1")));
    assertFalse(new Peers(List.of()).mayEnter(InetAddress.getByName("192.0.2.1")));
  }

  @Test
  void aUnixSocketServesItsGroupOnly() throws IOException {
    Path socket = directory.resolve("egress");
    try (FakeHop hop = FakeHop.start();
        RelayFixture fixture =
            new RelayFixture(directory)
                .route("*", hop)
                .listen(new Settings.Listen.Unix(socket))
                .start();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertEquals(0, fixture.relay().port());
      assertEquals(
          "[OWNER_READ, OWNER_WRITE, GROUP_READ, GROUP_WRITE]",
          Files.getPosixFilePermissions(socket).stream().sorted().toList().toString());
      channel.connect(UnixDomainSocketAddress.of(socket));
      ReplyReader replies = new ReplyReader(new LineReader(Channels.newInputStream(channel), 4096));
      Channels.newOutputStream(channel)
          .write(
              ("EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n"
                      + RelayFixture.message("Q1")
                      + ".\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      for (int code : new int[] {220, 250, 250, 250, 354, 250}) {
        assertEquals(code, replies.read().code());
      }
      assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
    }
  }
}
