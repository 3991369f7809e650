package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Shows the main job on real mail: a private MTA on loopback, two exchangers, the daemon; a handful
 * of messages; and then the question that an admin is asked every day.
 */
public final class Demo implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STORY = "4B618D6A.2070804";

  /** A user that every Debian has, so that there is a mailbox without making anybody. */
  private static final String USER = "games";

  private static final String LOCAL = USER + "@" + PostfixSetup.LOCAL_DOMAIN;

  private final PrintStream out;
  private final boolean sendmail;
  private final Path directory;
  private final Exchanger one = Exchanger.start("mx.one.test");
  private final Exchanger two = Exchanger.start("mx.two.test");
  private final List<AutoCloseable> running = new ArrayList<>(List.of(two, one));
  private final List<String> unexpected = new ArrayList<>();
  private Mta mta;
  private Daemon daemon;
  private JournalCommand journal;

  private Demo(PrintStream out, boolean sendmail) throws IOException {
    this.out = out;
    this.sendmail = sendmail;
    this.directory = Files.createTempDirectory("journal-demo");
    // Postfix's user has to come through to what is his.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /**
   * {@code --batch} asks for no key; the exit code is 0 only if all was as expected. {@code
   * --sendmail} shows it with sendmail.
   */
  public static void main(String[] args) throws IOException {
    boolean batch = List.of(args).contains("--batch");
    Demo demo = new Demo(System.out, List.of(args).contains("--sendmail"));
    Thread cleaner = new Thread(demo::close, "cleaner");
    Runtime.getRuntime().addShutdownHook(cleaner);
    int code = 1;
    try {
      code = demo.run(batch);
    } catch (RuntimeException | IOException e) {
      demo.out.println("not as expected: " + e);
      demo.tellTheDaemonsWords();
    }
    System.exit(code);
  }

  private void tellTheDaemonsWords() throws IOException {
    if (Files.exists(log())) {
      out.println("The daemon's last words:");
      List<String> lines = Files.readAllLines(log());
      lines.subList(Math.max(0, lines.size() - 20), lines.size()).forEach(out::println);
    }
  }

  private Path log() {
    return directory.resolve("daemon.log");
  }

  private int run(boolean batch) throws IOException {
    start();
    List<Sent> sent = sendAHandful();
    awaitTheirFates(sent);
    ask();
    new DemoReceipt(out, journal, directory)
        .show(mta, USER, "<mixed@local.test>")
        .ifPresent(unexpected::add);
    explain(batch);
    if (!unexpected.isEmpty()) {
      out.println();
      unexpected.forEach(line -> out.println("not as expected: " + line));
      return 1;
    }
    if (!batch) {
      out.println("\nPress Enter (or Ctrl-C) to stop everything and clean up.");
      System.in.read();
    }
    return 0;
  }

  private void start() throws IOException {
    one.at("later@one.test", Script.greylist());
    // Two of them: sendmail does not say which of two messages to the same one was refused.
    two.at("nobody@two.test", Script.permanent());
    two.at("noone@two.test", Script.permanent());
    int port = Loopback.freePort();
    if (sendmail) {
      startSendmail(port);
    } else {
      startPostfix(port);
    }
    journal = new JournalCommand(JournalCommand.process(Program.built()), daemon.configuration());
    out.println("Running on loopback: " + mta.name() + ", two mail exchangers, Mail Journal.");
  }

  private void startSendmail(int port) {
    RealSendmail.unavailable()
        .ifPresent(
            reason -> {
              throw new IllegalStateException("no sendmail can be started: " + reason);
            });
    int relay = Loopback.freePort();
    int smtp = Loopback.freePort();
    daemon =
        daemon(
            port,
            Optional.empty(),
            false,
            smtp,
            List.of(
                "egress.listen = \"inet:" + relay + "@127.0.0.1\"",
                "egress.mta-names = [ \"" + SendmailSetup.HOST_NAME + "\" ]",
                "egress.routes = ["
                    + route("one.test", one)
                    + ", "
                    + route("two.test", two)
                    + " ]"));
    running.add(0, daemon);
    mta = new SendmailSetup().port(smtp).journal(port, relay).start();
    running.add(0, mta);
  }

  private static String route(String domain, Exchanger exchanger) {
    return "{ domain = \"%s\", to = \"[127.0.0.1]:%d\" }"
        .formatted(domain, exchanger.address().getPort());
  }

  private void startPostfix(int port) throws IOException {
    Optional<String> noPostfix = RealPostfix.unavailable();
    Path queue;
    if (noPostfix.isEmpty()) {
      RealPostfix postfix = postfix(port);
      mta = postfix;
      queue = postfix.queueDirectory();
    } else {
      out.println("Real Postfix is left out (" + noPostfix.get() + "): a test MTA stands in.");
      queue = directory.resolve("q");
      mta = testMta(queue, port);
    }
    running.add(0, mta);
    daemon = daemon(port, Optional.of(queue), noPostfix.isEmpty(), mta.smtp().getPort(), List.of());
    running.add(1, daemon);
  }

  private RealPostfix postfix(int port) {
    return new PostfixSetup()
        .route("one.test", one.address().getPort())
        .route("two.test", two.address().getPort())
        .journal("inet:127.0.0.1:" + port)
        .start();
  }

  private TestMta testMta(Path queue, int port) throws IOException {
    return TestMta.builder(queue)
        .hostName("mail.local.test")
        .milter("inet:" + port + "@127.0.0.1")
        .tapped()
        .route("one.test", one.address())
        .route("two.test", two.address())
        .localDomain(PostfixSetup.LOCAL_DOMAIN)
        .user(USER)
        .start();
  }

  private Daemon daemon(
      int port, Optional<Path> queue, boolean asPostfix, int smtp, List<String> configuration) {
    List<String> lines =
        new ArrayList<>(DemoReceipt.configuration(PostfixSetup.LOCAL_DOMAIN, smtp));
    lines.addAll(configuration);
    return Daemon.start(
        new Daemon.Setup(
            asPostfix
                ? Program.built().readableFrom(directory.resolve("program"))
                : Program.built(),
            directory.resolve("journal"),
            log(),
            asPostfix ? Optional.of("postfix") : Optional.empty(),
            "inet:" + port + "@127.0.0.1",
            queue,
            lines));
  }

  private List<Sent> sendAHandful() {
    Letter letter = Letter.from(LOCAL);
    List<Sent> sent = new ArrayList<>();
    out.println("\nMail goes out:");
    sent.add(send("bob@one.test, who is there", letter.to("bob@one.test"), STORY));
    sent.add(send("later@one.test, behind a greylist", letter.to("later@one.test"), "greylisted"));
    sent.add(send("nobody@two.test, who is not there", letter.to("nobody@two.test"), "refused"));
    sent.add(send(LOCAL + ", a mailbox here", letter.to(LOCAL), "local"));
    sent.add(
        send(
            "carol@two.test and noone@two.test together",
            letter.to("carol@two.test").to("noone@two.test"),
            "mixed"));
    return sent;
  }

  private Sent send(String what, Letter letter, String left) {
    try (SmtpClient client = SmtpClient.connect(mta.smtp())) {
      client.ehlo("client.local.test");
      Sent sent = Sent.over(client, letter.messageId("<" + left + "@local.test>"));
      out.printf("  %-48s %s%n", what, sent.end().lines().get(0));
      if (!sent.isAccepted()) {
        unexpected.add(what + ": " + sent.end());
      }
      return sent;
    }
  }

  private void awaitTheirFates(List<Sent> sent) {
    out.println("\nThe greylisted one has to wait; the queue is run until nothing is open.");
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> sent.stream().allMatch(this::isSettled));
    } catch (ConditionTimeoutException late) {
      unexpected.add("after " + PATIENCE.toSeconds() + " s some recipients are still open");
    }
    expect(STORY, "bob@one.test", "relayed", 1);
    expect("greylisted", "later@one.test", "relayed", 2);
    expect("refused", "nobody@two.test", "failed", 1);
    // Sendmail's own mailer tells nobody.
    expect("local", LOCAL, sendmail ? "unreported" : "delivered", sendmail ? 0 : 1);
    expect("mixed", "carol@two.test", "relayed", 1);
    expect("mixed", "noone@two.test", "failed", 1);
  }

  private boolean isSettled(Sent sent) {
    boolean settled =
        sent.queueId().flatMap(journal::show).filter(JournalEntry::isSettled).isPresent();
    if (!settled) {
      mta.runQueue();
    }
    return settled;
  }

  private void expect(String left, String recipient, String status, int attempts) {
    List<JournalEntry> found = journal.find(left);
    if (found.size() != 1) {
      unexpected.add(left + ": expected one message, found " + found.size());
      return;
    }
    JournalEntry.Fate fate = found.get(0).fate(recipient);
    if (!fate.status().equals(status) || fate.attempts() != attempts) {
      unexpected.add(
          recipient + ": expected " + status + " after " + attempts + " attempts, got " + fate);
    }
  }

  private void ask() {
    out.println("\nDid my mail arrive? All that the sender knows is the Message-ID:");
    out.println("\n$ journal find " + STORY);
    out.print(journal.run("find", STORY).out());
    out.println("\n$ journal show greylisted@local.test");
    out.print(journal.run("show", "greylisted@local.test").out());
  }

  private void explain(boolean batch) {
    out.println(
        """

        The indented line is the receiving company's own word that it took the mail, with its queue id:
        their admin can look it up. It was recorded when the MTA learnt it; no log was read.
        "relayed" never says that anybody read it: where our knowledge ends, the journal says so.
        """);
    if (batch) {
      out.println("Without --batch it waits here, to be asked more.");
    } else {
      offerQuestions();
    }
    out.flush();
  }

  private void offerQuestions() {
    String config = " --config " + daemon.configuration();
    String command = Program.built().launcher().toString();
    Path here = Path.of("").toAbsolutePath();
    if (Path.of(command).startsWith(here)) {
      command = here.relativize(Path.of(command)).toString();
    }
    out.println("To try, while this runs:");
    for (String line :
        List.of("find --status failed", "show refused@local.test", "stats", "tail --since 10m")) {
      out.println("  " + command + " " + line + config);
    }
  }

  /** Takes everything down, once, also when it was only half up. */
  @Override
  public void close() {
    for (AutoCloseable part : running) {
      try {
        part.close();
      } catch (Exception e) {
        out.println("cleaning up: " + e);
      }
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
