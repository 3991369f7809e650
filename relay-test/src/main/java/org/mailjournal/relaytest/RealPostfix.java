package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The system's Postfix as a private instance on loopback, with directories of its own. It runs
 * beside the system's instance and touches nothing of it. Made by {@link PostfixSetup#start}.
 */
public final class RealPostfix implements Mta {
  private static final Pattern QUEUE_ID = Pattern.compile("\"queue_id\": *\"([^\"]+)\"");

  private final PostfixFiles files = PostfixFiles.create();
  private final PostfixLog log = new PostfixLog(files.log());
  private final int port = Loopback.freePort();
  private final int reinjectionPort = Loopback.freePort();
  private final SaslServer sasl;
  private final Thread atExit = new Thread(this::stopAndRemove);
  private boolean closed;

  RealPostfix(PostfixSetup setup) {
    unavailable()
        .ifPresent(
            reason -> {
              throw new IllegalStateException(reason);
            });
    files.write(setup, port, reinjectionPort);
    sasl =
        new SaslServer(
            files.authSocket(),
            setup.users().stream().collect(Collectors.toMap(Function.identity(), user -> user)));
    setup.milter().ifPresent(this::enable);
    // A private master outlives the process that started it.
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      postfix("start");
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> Loopback.answers(smtp()));
    } catch (RuntimeException e) {
      close();
      throw new IllegalStateException("Postfix does not start: " + log.lines(), e);
    }
  }

  /** Why a private Postfix cannot be had on this machine; empty if it can. */
  public static Optional<String> unavailable() {
    if (!Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
      return Optional.of("Postfix is not installed (no /usr/sbin/postfix)");
    }
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
          ? Optional.empty()
          : Optional.of("only root can start a Postfix");
    } catch (IOException e) {
      return Optional.of("who runs this cannot be found out: " + e);
    }
  }

  static String defaultOf(String setting) {
    return Command.run("/usr/sbin/postconf", "-dh", setting).orThrow().output().strip();
  }

  @Override
  public String name() {
    return "Postfix " + defaultOf("mail_version");
  }

  @Override
  public boolean can(Ability ability) {
    return ability != Ability.IPV6 || Loopback.hasIpv6();
  }

  @Override
  public InetSocketAddress smtp() {
    return Loopback.ipv4(port);
  }

  /** The same over IPv6, where the machine has it. */
  public Optional<InetSocketAddress> smtpOverIpv6() {
    return Loopback.hasIpv6() ? Optional.of(Loopback.ipv6(port)) : Optional.empty();
  }

  /** Where a content filter brings mail back. */
  public InetSocketAddress reinjection() {
    return Loopback.ipv4(reinjectionPort);
  }

  public Path configDirectory() {
    return files.config();
  }

  public Path queueDirectory() {
    return files.queue();
  }

  public PostfixLog log() {
    return log;
  }

  @Override
  public List<LogLine> log(String queueId) {
    return log.recipients(queueId);
  }

  /** Waits for a recipient's line. */
  public LogLine awaitLog(Predicate<LogLine> wanted) {
    return log.awaitRecipient(wanted);
  }

  @Override
  public void runQueue() {
    awaitPassesEnded();
    tool("postqueue", "-f").orThrow();
  }

  /**
   * The journal knows of an attempt before qmgr has put the message back; a queue run in between
   * passes it over, and the next one is an hour away.
   */
  private void awaitPassesEnded() {
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> Files.exists(files.queue()) && isEmpty("incoming") && isEmpty("active"));
    } catch (ConditionTimeoutException heldUp) {
      // On purpose, by a far side that stalls.
    }
  }

  private boolean isEmpty(String queue) throws IOException {
    try (Stream<Path> messages = Files.list(files.queue().resolve(queue))) {
      return messages.findAny().isEmpty();
    }
  }

  @Override
  public List<String> queue() {
    return QUEUE_ID
        .matcher(tool("postqueue", "-j").orThrow().output())
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Override
  public List<byte[]> mailbox(String user) {
    return Trees.contents(mailboxFiles(user));
  }

  /** The files of these, in the same order. */
  List<Path> mailboxFiles(String user) {
    Path arrived = files.mail().resolve(user).resolve("new");
    if (!Files.isDirectory(arrived)) {
      return List.of();
    }
    try (Stream<Path> messages = Files.list(arrived)) {
      return messages.sorted(Comparator.comparing(RealPostfix::arrival)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime arrival(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hands a message in by sendmail(1), as root. */
  public Command.Result sendmail(byte[] message, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("/usr/sbin/sendmail", "-C", files.config().toString()));
    command.addAll(List.of(arguments));
    return Command.run(message, command).orThrow();
  }

  /** An administrator removes a message from the queue. */
  public void delete(String queueId) {
    tool("postsuper", "-d", queueId).orThrow();
  }

  /** An administrator puts a message back at the start, under a new queue id. */
  public void requeue(String queueId) {
    tool("postsuper", "-r", queueId).orThrow();
  }

  /** What postcat(1) says of a queued message. */
  public String postcat(String... arguments) {
    return tool("postcat", arguments).orThrow().output();
  }

  /** Runs one of Postfix's commands on this instance. */
  public Command.Result tool(String name, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("/usr/sbin/" + name, "-c", files.config().toString()));
    command.addAll(List.of(arguments));
    return Command.run(new byte[0], command);
  }

  /** Switches the journal on, with the script that administrators use; then reloads. */
  public void enableJournal(String milterSpec) {
    enable(milterSpec);
    reload();
  }

  private void enable(String milterSpec) {
    script("enable", "--milter", milterSpec);
  }

  /** Switches the journal off again; then reloads. */
  public void disableJournal() {
    script("disable");
    reload();
  }

  private void script(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Repository.file("etc/postfix/" + name).toString()));
    command.addAll(List.of("-c", files.config().toString()));
    command.addAll(List.of(arguments));
    Command.run(new byte[0], command).orThrow();
    PostfixFiles.makeOld(files.config());
  }

  /** Changes main.cf and reloads. */
  public void set(Map<String, String> settings) {
    settings.forEach((name, value) -> tool("postconf", "-e", name + "=" + value).orThrow());
    PostfixFiles.makeOld(files.config());
    reload();
  }

  /** Changes an {@code -o} of one service, for the next {@link #reload}. */
  void override(String service, String name, String value) {
    tool("postconf", "-P", service + "/" + name + "=" + value).orThrow();
    PostfixFiles.makeOld(files.config());
  }

  public void reload() {
    long before = reloads();
    postfix("reload");
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> reloads() > before && Loopback.answers(smtp()));
  }

  private long reloads() {
    return log.lines().stream().filter(line -> line.contains(": reload -- version")).count();
  }

  /** Stops it as {@code postfix stop} does; {@link #startAgain} starts it on the same queue. */
  public void stop() {
    postfix("stop");
  }

  public void startAgain() {
    postfix("start");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> Loopback.answers(smtp()));
  }

  /** SIGKILL to all of its processes; {@link #startAgain} starts it on the same queue. */
  void kill() {
    Processes.kill(files.queue());
  }

  private void postfix(String action) {
    tool("postfix", action).orThrow();
  }

  @Override
  public void close() {
    if (!closed) {
      Threads.notAtExit(atExit);
      stopAndRemove();
    }
  }

  private synchronized void stopAndRemove() {
    if (closed) {
      return;
    }
    closed = true;
    sasl.close();
    // Not "stop", which waits for deliveries under way.
    tool("postfix", "abort");
    Trees.remove(files.base());
  }
}
