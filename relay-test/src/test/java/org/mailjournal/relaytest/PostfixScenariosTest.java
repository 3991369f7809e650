package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** Every scenario on real Postfix, each held against its log. */
class PostfixScenariosTest extends OracleCase
    implements DeliveryScenarios,
        ReplyScenarios,
        AliasScenarios,
        SubmissionScenarios,
        SessionScenarios,
        NotifyScenarios,
        EvidenceScenarios {
  /** What a program waits for. */
  private Path ready;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    ready = directory.resolve("ready");
    world =
        PostfixWorld.start(
            "postfix",
            setup ->
                setup
                    .virtualAlias("cron@local.test", "cron-target@one.test")
                    .localAlias(
                        "both", "\"|test -e " + ready + " || exit 75\"", "both-other@one.test")
                    .localAlias(
                        "partly", "\"|true\"", "\"|test -e " + directory + "/part || exit 75\"")
                    .localAlias(
                        "posing",
                        "\"|echo '5.1.1 host mx.bank.test[192.0.2.9] said: 550 no'; exit 1\"")
                    .route("sunk@one.test", "discard:unwanted")
                    .main(
                        "recipient_canonical_maps",
                        "inline:{ { al@local.test = ann@local.test } }"),
            "postfix.audit = 1s");
  }

  /** As who wants a copy elsewhere has it; the oracle of each test holds its lines against it. */
  @Test
  void anAliasThatIsItsOwnTargetHasAFateOfItsOwn() {
    world
        .one()
        .at(
            "keep@one.test",
            Script.answer(Stage.RCPT, Reply.of(450, "4.2.0 wait")).then(Script.permanent()));
    Sent sent = world.send(Letter.from("ada@home.test").to("keep@one.test"));
    JournalEntry open = world.attempted(sent, "keep@one.test", 1);
    assertEquals("delayed", open.fate("keep@one.test").status());

    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);

    assertEquals("failed", entry.fate("keep@one.test").status());
    assertEquals("unreported", entry.fate("copy@two.test").status());
    assertEquals(1, world.two().received("copy@two.test").size());
  }

  /**
   * Postfix calls it delivered: discard(8), and what local(8) does with a name that must be there.
   */
  @Test
  void whatIsThrownAwayIsInNoMailbox() {
    Sent sent =
        world.send(Letter.from("ada@home.test").to("sunk@one.test").to("mailer-daemon@local.test"));

    JournalEntry entry = world.settled(sent);

    assertEquals(
        List.of("delivered", "delivered"), entry.recipients().stream().map(Fate::status).toList());
    String words = world.journal().run("show", World.queueId(sent)).out();
    assertEquals(2, words.split("thrown away", -1).length - 1, words);
    assertTrue(!words.contains("mailbox"), words);
  }

  /** Anybody with a .forward file can have such a program (pipe_command.c). */
  @Test
  void aProgramCannotBlameAnotherMailSystem() {
    String posing = "posing@" + world.localDomain();

    Fate fate = world.settled(world.send(Letter.from("ada@home.test").to(posing))).fate(posing);

    assertEquals("failed", fate.status());
    assertTrue(fate.words().startsWith("host mx.bank.test[192.0.2.9] said: 550"), fate::toString);
    assertEquals(Optional.empty(), fate.remoteMta());
    assertEquals(Optional.empty(), fate.remoteAddress());
    // Of the alias that it stands behind Postfix tells its log nothing.
    world.noted().clear();
  }

  /** Postfix calls it a protocol error, and gives the message up (smtp_trouble.c). */
  @Test
  void a250ToDataIsNoSignThatAnybodyTookTheMessage() {
    world.one().at("too-soon@one.test", Script.answer(Stage.DATA, Reply.of(250, "2.0.0 Ok")));

    Sent sent = world.send(Letter.from("ada@home.test").to("too-soon@one.test"));

    assertEquals("failed", world.settled(sent).fate("too-soon@one.test").status());
    String words = world.journal().run("show", World.queueId(sent)).out();
    assertTrue(words.contains("given up: at "), words);
    assertTrue(words.contains("said: 250 2.0.0 Ok (in reply to DATA command)"), words);
    assertTrue(!words.contains("had taken it"), words);
  }

  /** Ignored and passed over: RFC 5321 appendix C; extract_addr() of smtpd.c. */
  @Test
  void aSourceRouteAndABlankInAPath() {
    Sent sent =
        world.send(
            Letter.from("ada@home.test").to("@relay.test:route@one.test").to("blank@one.test "));

    JournalEntry entry = world.settled(sent);

    assertEquals(
        List.of("blank@one.test relayed", "route@one.test relayed"),
        entry.recipients().stream().map(r -> r.address() + " " + r.status()).sorted().toList());
  }

  @Test
  void submissionBySendmail() {
    world.one().at("cli-no@one.test", Script.permanent());
    Letter letter = Letter.from("ada@home.test").to("cli-ok@one.test").to("cli-no@one.test");

    PostfixWorld.postfix(world)
        .sendmail(letter.octets(), "-f", "ada@home.test", "cli-ok@one.test", "cli-no@one.test");

    JournalEntry entry = awaitSettledByMessageId(letter);
    world.note(entry.queueId(), Oracle.Told.NO_SUCCESS);
    assertEquals("unreported", entry.fate("cli-ok@one.test").status());
    assertEquals("failed", entry.fate("cli-no@one.test").status());
    assertEquals(1, world.one().received("cli-ok@one.test").size());
  }

  @Test
  void submissionBySendmailThatAsksForSuccess() {
    Letter letter = Letter.from("ada@home.test").to("cli-asks@one.test");

    PostfixWorld.postfix(world)
        .sendmail(
            letter.octets(),
            "-N",
            "success,delay,failure",
            "-f",
            "ada@home.test",
            "cli-asks@one.test");

    JournalEntry entry = awaitSettledByMessageId(letter);
    world.note(entry.queueId(), Oracle.Told.EVERYTHING);
    assertEquals("relayed", entry.fate("cli-asks@one.test").status());
  }

  /**
   * local(8) records that it handed a message of its own in: no other system has taken anything.
   */
  @Test
  void submissionBySendmailThatFollowsAnAlias() {
    Letter letter = Letter.from("verbose@home.test").to("list@local.test");

    PostfixWorld.postfix(world)
        .sendmail(letter.octets(), "-v", "-f", "verbose@home.test", "list@local.test");

    JournalEntry entry = awaitSettledByMessageId(letter);
    world.note(entry.queueId(), Oracle.Told.EVERYTHING);
    assertEquals("expanded", entry.fate("list@local.test").status());
    Awaitility.await()
        .atMost(World.PATIENCE)
        .until(() -> world.home().received("verbose@home.test").size() == 1);
    Notice report = Notice.of(world.home().received("verbose@home.test").get(0));
    assertEquals(List.of("relayed"), report.actions());
  }

  /** local(8) records that one program has it, and runs both again while the other puts it off. */
  @Test
  void submissionBySendmailThatFollowsAnAliasThatIsPutOffInPart() throws IOException {
    Letter letter = Letter.from("partly@home.test").to("partly@local.test");

    PostfixWorld.postfix(world)
        .sendmail(
            letter.octets(),
            "-v",
            "-N",
            "success,failure",
            "-f",
            "partly@home.test",
            "partly@local.test");

    JournalEntry open =
        world.await(
            letter.messageId().orElseThrow(),
            "an attempt",
            entry -> entry.fate("partly@local.test").attempts() > 0);
    assertEquals("delayed", open.fate("partly@local.test").status());

    Files.createFile(ready.resolveSibling("part"));
    world.mta().runQueue();

    assertEquals("expanded", world.settled(open.queueId()).fate("partly@local.test").status());
  }

  @Test
  void whatIsOnlyAskedAboutIsNotSent() {
    PostfixWorld.postfix(world)
        .sendmail(new byte[0], "-bv", "-f", "ada@home.test", "asked-about@one.test");

    Awaitility.await()
        .atMost(World.PATIENCE)
        .until(() -> shown("asked-about@one.test").contains("only asked about (sendmail -bv)"));

    assertTrue(shown("asked-about@one.test").contains("unreported"));
    assertEquals(List.of(), world.one().received("asked-about@one.test"));
  }

  private String shown(String recipient) {
    return world.journal().run("find", recipient).out();
  }

  /** Cron mails to a bare name; Postfix shows the milter the address that it makes of it. */
  @Test
  void submissionBySendmailToAddressesThatPostfixCompletesOrRenames() {
    assertEquals(List.of("failed missing@local.test"), fatesOfSendmail("missing"));
    assertEquals(List.of("failed ann@local.test"), fatesOfSendmail("al@local.test"));
    assertEquals(
        List.of("delivered games@local.test"), fatesOfSendmail("-N", "success,failure", "games"));
  }

  @Test
  void submissionBySendmailToABareNameThatIsAnAlias() {
    world.one().at("cron-target@one.test", Script.permanent());

    assertEquals(
        List.of("expanded cron@local.test", "failed cron-target@one.test of cron@local.test"),
        fatesOfSendmail("-N", "success,failure", "cron"));
  }

  /** The log has the names as they were given, so no oracle is asked. */
  private List<String> fatesOfSendmail(String... arguments) {
    Letter letter = Letter.from("ada@home.test").to("undisclosed@home.test");
    List<String> all = new ArrayList<>(List.of("-f", "ada@home.test"));
    all.addAll(List.of(arguments));

    PostfixWorld.postfix(world).sendmail(letter.octets(), all.toArray(String[]::new));

    JournalEntry entry = awaitSettledByMessageId(letter);
    world.awaitGone(entry.queueId());
    return world.journal().show(entry.queueId()).orElseThrow().recipients().stream()
        .map(f -> f.status() + " " + f.address() + f.original().map(o -> " of " + o).orElse(""))
        .toList();
  }

  private JournalEntry awaitSettledByMessageId(Letter letter) {
    return world.await(letter.messageId().orElseThrow(), "settled", JournalEntry::isSettled);
  }

  /** Its expansion is in Postfix's trace all the same, and nobody has got anything (alias.c). */
  @Test
  void anAliasOfWhichATargetIsPutOffIsDelayed() throws IOException {
    String both = "both@" + world.localDomain();
    Sent sent = world.send(Letter.from("ada@home.test").to(both));
    JournalEntry open = world.attempted(sent, both, 1);
    assertEquals("delayed", open.fate(both).status());
    assertEquals(List.of(), world.one().received("both-other@one.test"));

    Files.createFile(ready);
    world.mta().runQueue();

    assertEquals("expanded", world.settled(sent).fate(both).status());
    world.awaitQueueEmptyOf(sent);
    assertEquals(1, world.one().received("both-other@one.test").size());
    // That the program took it Postfix tells its log alone, under the alias's name.
    world.noted().clear();
  }

  /** Of such a one Postfix says that it is delivered, before any of its targets has it. */
  @Test
  void aMailingListWithAnOwner() {
    String list = "readers@" + world.localDomain();
    Sent sent = world.send(Letter.from("ada@home.test").to(list));

    assertEquals("expanded", world.settled(sent).fate(list).status());

    world.awaitQueueEmptyOf(sent);
    assertEquals(1, world.one().received("reader@one.test").size());
  }

  @Test
  void theLauncherAnswersAsTheProgramInTheProcessDoes() {
    Sent sent = world.send(Letter.from("ada@home.test").to("launcher@one.test"));
    JournalEntry expected = world.settled(sent);
    JournalCommand launcher =
        new JournalCommand(JournalCommand.process(Program.built()), world.daemon().configuration());

    assertEquals(Optional.of(expected), launcher.show(World.queueId(sent)));
    assertEquals(1, launcher.run("find", "nothing-of-the-kind").code());
    assertEquals(2, launcher.run("find", "--no-such-option").code());
  }

  @Test
  void whatPeopleRead() {
    Sent sent = world.send(Letter.from("ada@home.test").to("people@one.test"));
    Fate fate = world.settled(sent).fate("people@one.test");

    JournalCommand.Answer answer = world.journal().run("show", World.queueId(sent));

    assertEquals(0, answer.code());
    assertTrue(answer.out().contains("people@one.test"), answer::out);
    assertTrue(answer.out().contains(fate.reply().orElseThrow()), answer::out);
  }

  @Test
  void aBounceIsJournaledLikeAnyOtherMessage() {
    world.one().at("bounced@one.test", Script.permanent());
    Sent sent = world.send(Letter.from("grace@home.test").to("bounced@one.test"));
    world.settled(sent);
    world.awaitQueueEmptyOf(sent);

    assertEquals(1, world.home().received("grace@home.test").size());
    assertEquals(
        Set.of("failed"),
        Set.copyOf(world.entry(sent).recipients().stream().map(Fate::status).toList()));
    assertEquals(List.of(), world.entry(sent).previous());
  }
}
