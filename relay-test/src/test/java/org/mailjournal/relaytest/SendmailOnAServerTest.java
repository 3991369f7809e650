package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** A sendmail as on most servers: at all addresses of the machine, and with a name server. */
class SendmailOnAServerTest extends OracleCase {
  private MailNetwork network;
  private Exchanger shared;

  @BeforeAll
  void start() {
    SendmailWorld.requireSendmail();
    Optional<String> reason = ResolverShim.unavailable();
    Assumptions.assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    network = beside(MailNetwork.create());
    shared = network.exchangerOf("first.test");
    network
        .names()
        .mx("second.test", 10, shared.name())
        .mx("third.test", 10, shared.name())
        .alias("alias.test", "first.test");
    world =
        SendmailWorld.start(
            "sendmail-on-a-server", SendmailWorld.Extra.network(network).sendmail(this::wishes));
  }

  private SendmailSetup wishes(SendmailSetup setup) {
    return setup
        .everywhere()
        .nameServer(network.names().address())
        .virtual("virtual@local.test", "real@second.test")
        .virtual("gone@local.test", "nobody@third.test")
        .virtual("barred@local.test", "error:nouser");
  }

  /**
   * By itself sendmail sends to all domains with the same first exchanger at once, of which the
   * relay serves one; each other one would wait for a queue run of its own.
   */
  @Test
  void domainsThatShareAnExchangerAreServedWithoutAQueueRun() {
    List<String> recipients = List.of("a@first.test", "b@second.test", "c@third.test");
    Sent sent = world.send(Letter.from("ada@home.test").toAll(recipients));

    JournalEntry entry =
        world.await(
            World.queueId(sent),
            "an attempt at each",
            it -> recipients.stream().allMatch(r -> it.fate(r).attempts() > 0));

    for (String recipient : recipients) {
      assertEquals("relayed", entry.fate(recipient).status(), entry::toString);
      assertEquals(1, shared.received(recipient).size());
    }
  }

  /** Sendmail delivers to the name that a CNAME stands for, unless told otherwise. */
  @ParameterizedTest
  @CsvSource({"cname@alias.test, cname@first.test", "virtual@local.test, real@second.test"})
  void whoIsDeliveredToUnderAnotherNameIsOneRecipient(String given, String delivered) {
    Sent sent = world.send(Letter.from("ada@home.test").to(given).to("plain@one.test"));

    JournalEntry entry = world.settled(sent);

    assertEquals(2, entry.recipients().size(), entry::toString);
    assertEquals("relayed", entry.fate(delivered).status(), entry::toString);
    assertEquals(Optional.of(given), entry.fate(delivered).original());
    assertEquals(1, shared.received(delivered).size());
  }

  /** There is no content then, so that the message is found by the envelope. */
  @Test
  void whoIsRefusedUnderAnotherNameHasFailed() {
    shared.at("nobody@third.test", Script.permanent());
    Sent sent = world.send(Letter.from("ada@home.test").to("gone@local.test"));

    Fate fate = world.settled(sent).fate("nobody@third.test");

    assertEquals("failed", fate.status());
    assertEquals(Optional.of("gone@local.test"), fate.original());
    assertEquals(Optional.of("550 5.1.1 no such user here"), fate.reply());
  }

  /** The error is met while sendmail parses the address, behind which it asks no milter. */
  @Test
  void whomItsRulesRefuseIsInItsLogOnlyAndTheAnswerSaysSo() {
    Sent sent = world.send(Letter.from("ada@home.test").to("in@one.test").to("barred@local.test"));

    JournalEntry entry = world.settled(sent);
    JournalCommand.Answer answer = world.journal().run("find", "barred@local.test");

    assertEquals(5, sent.recipients().get(1).code() / 100);
    assertEquals(1, entry.recipients().size(), entry::toString);
    assertEquals(1, answer.code());
    assertTrue(
        answer.out().contains("a recipient that sendmail refused by its rules"), answer.out());
  }

  /** Of a program on the machine that speaks to the machine's own address, as a filter may. */
  @Test
  void theHopsOfAMessageOnOneMachineAreLinked() throws SocketException {
    InetAddress address = ownAddress();
    Sent first = world.send(Letter.from("ada@home.test").to("games@local.test"));
    String trace =
        "Received: from filter.test by %s with SMTP id %s; Tue, 24 Nov 2026 05:34:39 +0000"
            .formatted(SendmailSetup.HOST_NAME, World.queueId(first));

    Sent second;
    InetSocketAddress place = new InetSocketAddress(address, world.mta().smtp().getPort());
    try (SmtpClient client = SmtpClient.connect(place)) {
      assertTrue(client.ehlo("filter.test").isPositive());
      Letter letter = Letter.from("ada@home.test").to("games@local.test").field(trace);
      second = world.accepted(Sent.over(client, letter));
    }

    JournalEntry entry = world.settled(second);
    assertEquals(Optional.of(address.getHostAddress()), entry.client().address());
    assertEquals(List.of(World.queueId(first)), entry.previous());
  }

  private static InetAddress ownAddress() throws SocketException {
    Optional<InetAddress> own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .findFirst();
    Assumptions.assumeTrue(own.isPresent(), "this machine has no address but loopback");
    return own.orElseThrow();
  }
}
