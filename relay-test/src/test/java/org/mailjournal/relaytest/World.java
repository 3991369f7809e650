package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.mailjournal.relaytest.Mta.Ability;

/**
 * A mail system under test with its exchangers, the daemon that journals it, and a note of all that
 * was sent, so that the oracle can be asked about every message.
 *
 * @param one the exchanger of {@code one.test}
 * @param two the exchanger of {@code two.test}
 * @param home the exchanger of {@code home.test}, where senders get their reports
 * @param dsn the exchanger of {@code dsn.test}, which offers DSN
 * @param localDomain whose mailboxes the MTA serves itself
 */
record World(
    Mta mta,
    Daemon daemon,
    JournalCommand journal,
    Exchanger one,
    Exchanger two,
    Exchanger home,
    Exchanger dsn,
    String localDomain,
    List<Noted> noted)
    implements AutoCloseable {
  static final String USER = PostfixSetup.USER;
  static final String PASSWORD = PostfixSetup.USER;
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration OFTEN = Duration.ofMillis(100);

  /** A message that the MTA took. */
  record Noted(String queueId, Oracle.Told told) {}

  /** The same port on {@code ::1}. */
  static InetSocketAddress overIpv6(InetSocketAddress ipv4) {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try {
      return new InetSocketAddress(InetAddress.getByAddress(loopback), ipv4.getPort());
    } catch (UnknownHostException sixteenBytesAreAnAddress) {
      throw new IllegalStateException(sixteenBytesAreAnAddress);
    }
  }

  void require(Ability ability) {
    Assumptions.assumeTrue(mta.can(ability), () -> mta.name() + " has no " + ability);
  }

  SmtpClient client() {
    SmtpClient client = SmtpClient.connect(mta.smtp());
    assertTrue(client.ehlo("client.letters.test").isPositive());
    return client;
  }

  /** A client that has shown who he is, in private where the MTA offers that. */
  SmtpClient loggedIn() {
    SmtpClient client = client();
    if (mta.can(Ability.STARTTLS)) {
      assertEquals(220, client.startTls().code());
      assertTrue(client.ehlo("client.letters.test").isPositive());
    }
    assertEquals(235, client.authPlain(USER, PASSWORD).code());
    return client;
  }

  /** Hands in a letter on a connection of its own; the MTA must take it. */
  Sent send(Letter letter) {
    try (SmtpClient client = client()) {
      return accepted(Sent.over(client, letter));
    }
  }

  /** Notes a message that must have been taken. */
  Sent accepted(Sent sent) {
    assertTrue(sent.isAccepted(), () -> "not accepted: " + sent);
    note(queueId(sent), Oracle.Told.EVERYTHING);
    return sent;
  }

  void note(String queueId, Oracle.Told told) {
    noted.add(new Noted(queueId, told));
  }

  static String queueId(Sent sent) {
    return sent.queueId().orElseThrow(() -> new AssertionError("no queue id in " + sent.end()));
  }

  /** The message as soon as nothing is open. */
  JournalEntry settled(Sent sent) {
    return settled(queueId(sent));
  }

  JournalEntry settled(String queueId) {
    return await(queueId, "settled", JournalEntry::isSettled);
  }

  /** The message as soon as so many attempts at this recipient are recorded. */
  JournalEntry attempted(Sent sent, String recipient, int attempts) {
    return await(
        queueId(sent),
        attempts + " attempts at " + recipient,
        entry -> entry.fate(recipient).attempts() >= attempts);
  }

  JournalEntry await(String queueId, String what, Predicate<JournalEntry> condition) {
    AtomicReference<JournalEntry> last = new AtomicReference<>();
    Awaitility.await(queueId + " " + what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(OFTEN)
        .untilAsserted(
            () -> {
              journal.show(queueId).ifPresent(last::set);
              assertTrue(
                  last.get() != null && condition.test(last.get()),
                  () -> queueId + ": expected " + what + ", got " + last.get());
            });
    return last.get();
  }

  /** What the journal says now. */
  JournalEntry entry(Sent sent) {
    return journal
        .show(queueId(sent))
        .orElseThrow(() -> new AssertionError("the journal does not know " + sent));
  }

  /** Waits until the MTA holds the message no more. */
  void awaitGone(String queueId) {
    Awaitility.await(queueId + " leaves the queue")
        .atMost(PATIENCE)
        .pollInterval(OFTEN)
        .until(() -> !mta.queue().contains(queueId));
  }

  /** Waits until the MTA holds nothing of it, not even what an alias made of it. */
  void awaitQueueEmptyOf(Sent sent) {
    awaitGone(queueId(sent));
    Awaitility.await("nothing under way")
        .atMost(PATIENCE)
        .pollInterval(OFTEN)
        .until(
            () ->
                mta.queue().stream()
                    .allMatch(id -> journal.show(id).filter(this::isWaiting).isPresent()));
  }

  private boolean isWaiting(JournalEntry entry) {
    return entry.recipients().stream().anyMatch(f -> f.status().equals("delayed"));
  }

  void awaitQueueEmpty() {
    Awaitility.await("an empty queue")
        .atMost(PATIENCE)
        .pollInterval(OFTEN)
        .until(() -> mta.queue().isEmpty());
  }

  /** Lets the oracle compare every message that was sent since the last time. */
  void askOracle() {
    if (mta.can(Ability.LOG)) {
      List<Noted> messages = new ArrayList<>(noted);
      noted.clear();
      messages.forEach(this::askOracle);
    }
  }

  /** Holds what the relay recorded of every message since the last time against the log. */
  void askRelayOracle(int relayPort) {
    List<Noted> messages = new ArrayList<>(noted);
    noted.clear();
    messages.forEach(
        message ->
            Awaitility.await("the log agrees on " + message)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(OFTEN)
                .untilAsserted(
                    () ->
                        assertEquals(
                            List.of(),
                            RelayOracle.differences(
                                relayPort,
                                mta.log(message.queueId()),
                                journal.show(message.queueId()).orElseThrow()))));
  }

  private void askOracle(Noted message) {
    // The log is written by another process than the one that told us.
    Awaitility.await("the oracle agrees on " + message)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(OFTEN)
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(),
                    journal
                        .show(message.queueId())
                        .map(entry -> differences(message, entry))
                        .orElse(List.of("the journal does not know " + message))));
  }

  private List<String> differences(Noted message, JournalEntry entry) {
    List<Mta.LogLine> log = mta.log(message.queueId());
    return mta instanceof RealSendmail
        ? SendmailOracle.differences(log, entry)
        : Oracle.differences(log, entry, message.told());
  }

  @Override
  public void close() {
    mta.close();
    daemon.close();
    one.close();
    two.close();
    home.close();
    dsn.close();
  }
}
