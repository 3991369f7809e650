package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** A sendmail with a smarthost, a mailertable, and mailboxes behind LMTP. */
class SendmailRoutesTest extends OracleCase {
  private static final String USER = "site";
  private static final String PASSWORD = "s3cret";

  private MailNetwork network;
  private Exchanger smarthost;
  private Exchanger gate;
  private Exchanger mailboxes;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    SendmailWorld.requireSendmail();
    network = beside(MailNetwork.create());
    Certificate certificate = Certificate.of(directory, "localhost");
    smarthost =
        network.exchanger(
            Exchanger.Settings.named("smarthost.test")
                .withTls(certificate.context())
                .withLogin(USER, PASSWORD));
    gate = network.exchanger("gate.test");
    mailboxes = beside(Exchanger.start(Exchanger.Settings.named("mailboxes.test").speakingLmtp()));
    Path login = Files.writeString(directory.resolve("login"), USER + "\n" + PASSWORD + "\n");
    world =
        SendmailWorld.start(
            "sendmail-routes",
            SendmailWorld.Extra.network(
                    network,
                    route("special.test", "", gate),
                    "{ domain = \"%s\", to = \"lmtp:inet:127.0.0.1:%d\" }"
                        .formatted(SendmailSetup.HOST_NAME, mailboxes.address().getPort()),
                    route("*", ", tls = required, credentials = \"" + login + "\"", smarthost))
                .sendmail(SendmailRoutesTest::wishes));
  }

  private static SendmailSetup wishes(SendmailSetup setup) {
    return setup
        .line("define(`SMART_HOST', `relay:smarthost.test')dnl")
        // Else recipients with other routes would take their turns, a queue run each.
        .line("define(`SMTP_MAILER_MAXRCPTS', `1')dnl")
        .mailertable("special.test", "esmtp:[gate.test]")
        .localMailbox("FEATURE(`local_lmtp', `[IPC]', `TCP [127.0.0.1] @RELAY@')dnl");
  }

  private static String route(String domain, String more, Exchanger to) {
    return "{ domain = \"%s\", to = \"[%s]:%d\"%s }"
        .formatted(
            domain, to.address().getAddress().getHostAddress(), to.address().getPort(), more);
  }

  private Sent send(String... recipients) {
    return world.send(Letter.from("ada@home.test").toAll(List.of(recipients)));
  }

  /** The mailer for mailboxes leads to the relay as well. */
  @Test
  void theCheckHasNothingAgainstTheConfiguration() {
    assertEquals(List.of(), SendmailWorld.complaints(world));
  }

  @Test
  void aSmarthostIsSpokenToInsideTlsAndBehindALogin() {
    JournalEntry entry = world.settled(send("a@far.test", "b@further.test"));

    assertEquals(1, smarthost.received("a@far.test").size());
    assertEquals(1, smarthost.received("b@further.test").size());
    for (Fate fate : entry.recipients()) {
      assertEquals("relayed", fate.status(), fate::toString);
      assertTrue(fate.remoteAddress().orElseThrow().endsWith(":" + network.port()));
      assertTrue(fate.reply().orElseThrow().startsWith("250 2.0.0 Ok: queued as "));
    }
    assertTrue(
        entry.events().stream()
            .filter(news -> news.kind().equals("relayed"))
            .allMatch(news -> news.remoteTls().orElse("").startsWith("TLSv1.")));
  }

  @Test
  void theDomainThatMailertableSendsElsewhereHasARouteOfItsOwn() {
    Sent sent = send("a@special.test");

    Fate fate = world.settled(sent).fate("a@special.test");

    assertEquals("relayed", fate.status());
    assertEquals(1, gate.received("a@special.test").size());
  }

  @Test
  void domainsWithRoutesOfTheirOwnAreServedInOneRunBehindASmarthost() {
    JournalEntry entry = world.settled(send("first@one.test", "second@two.test", "a@third.test"));

    for (Fate fate : entry.recipients()) {
      assertEquals("relayed", fate.status(), fate::toString);
      assertEquals(1, fate.attempts());
    }
    assertEquals(1, world.one().received("first@one.test").size());
    assertEquals(1, world.two().received("second@two.test").size());
    assertEquals(1, smarthost.received("a@third.test").size());
  }

  @Test
  void mailboxesBehindLmtpAreDeliveredWithTheirOwnReply() {
    mailboxes.at("lp", Script.accept(Reply.of(250, "2.0.0 <lp> 4f9a Saved")));
    Sent sent = send("games@local.test", "lp@local.test");

    JournalEntry entry = world.attempted(sent, "lp@local.test", 1);

    assertEquals("delivered", entry.fate("games@local.test").status());
    assertTrue(
        entry.fate("games@local.test").reply().orElseThrow().startsWith("250 2.0.0 Ok: queued as"));
    assertEquals(Optional.of("250 2.0.0 <lp> 4f9a Saved"), entry.fate("lp@local.test").reply());
    assertEquals(2, entry.recipients().size());
    assertEquals(1, mailboxes.received("lp").size());
  }

  @Test
  void aMailboxThatIsFullForAWhile() {
    mailboxes.at("man", Script.answer(Stage.DOT, Reply.of(452, "4.2.2 over quota")).times(1));
    Sent sent = send("man@local.test", "uucp@local.test");
    JournalEntry open =
        world.await(
            World.queueId(sent),
            "one full, one delivered",
            entry ->
                newsOf(entry, "man@local.test").contains("delayed") && isDelivered(entry, "uucp"));
    assertEquals("unreported", open.fate("man@local.test").status());

    world.mta().runQueue();
    JournalEntry entry =
        world.await(World.queueId(sent), "both delivered", it -> isDelivered(it, "man"));

    assertEquals(2, entry.fate("man@local.test").attempts());
    assertEquals(List.of("unreported", "delayed", "delivered"), newsOf(entry, "man@local.test"));
  }

  private static boolean isDelivered(JournalEntry entry, String user) {
    return entry.fate(user + "@local.test").status().equals("delivered");
  }

  private static List<String> newsOf(JournalEntry entry, String recipient) {
    return entry.events().stream()
        .filter(news -> news.recipient().equals(Optional.of(recipient)))
        .map(JournalEntry.News::kind)
        .toList();
  }

  @Test
  void aMailboxThatDoesNotExist() {
    mailboxes.at("backup", Script.permanent());
    Sent sent = send("backup@local.test");

    Fate fate = world.attempted(sent, "backup@local.test", 1).fate("backup@local.test");

    assertEquals("failed", fate.status());
    assertEquals(Optional.of("550 5.1.1 no such user here"), fate.reply());
  }
}
