package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Debian's sendmail as a private instance on loopback, with directories of its own, beside a
 * Postfix that is installed. Made by {@link SendmailSetup#start}.
 */
public final class RealSendmail implements Mta {
  private static final Pattern LOCKED = Pattern.compile("(?m)^[0-9A-Za-z]{14,20}\\*");

  private static final Set<Ability> ABILITIES =
      Set.of(
          Ability.LOG,
          Ability.LOCAL_MAILBOX,
          Ability.LOCAL_ALIAS,
          Ability.FORWARD_FILE,
          Ability.STARTTLS,
          Ability.SUCCESS_REPORT);

  private final SendmailPackage unpacked = SendmailPackage.unpacked();
  private final SendmailFiles files;
  private final SendmailLog log;
  private Optional<SaslAuthDaemon> sasl = Optional.empty();
  private final int port;
  private final Optional<Duration> retry;
  private final Optional<ResolverShim> resolver;
  private final Thread atExit = new Thread(this::stopAndRemove);
  private boolean closed;

  RealSendmail(SendmailSetup setup) {
    unavailable()
        .ifPresent(
            reason -> {
              throw new IllegalStateException(reason);
            });
    retry = setup.retry();
    resolver = setup.nameServer().map(ResolverShim::to);
    port = setup.port().orElseGet(Loopback::freePort);
    files = SendmailFiles.create();
    log = new SendmailLog(files.log());
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      files.write(setup, unpacked, port);
      Map<String, String> passwords = Map.of(SendmailSetup.USER, SendmailSetup.USER);
      sasl = Optional.of(new SaslAuthDaemon(files.authSocket(), passwords));
      run("-bi").orThrow();
      start();
    } catch (RuntimeException e) {
      close();
      throw new IllegalStateException("sendmail does not start: " + log.lines(), e);
    }
  }

  private void start() {
    List<String> arguments = new ArrayList<>(List.of("-bd"));
    retry.ifPresent(time -> arguments.add("-q" + time.toSeconds() + "s"));
    run(arguments.toArray(String[]::new)).orThrow();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> Loopback.answers(smtp()));
  }

  /** SIGKILL to all of its processes; {@link #startAgain} starts it on the same queue. */
  void kill() {
    Processes.kill(files.queue());
  }

  Path queueDirectory() {
    return files.queue();
  }

  /** The files in which it notes how it fared with hosts. */
  List<Path> hostStatusFiles() {
    try (Stream<Path> all = Files.walk(files.hostStatus())) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Behind a kill. A tf file that queueup() (queue.c of 8.17) was writing is of no use any more,
   * and the next that wants to write the same one waits for its end for ever ("queueup: cannot
   * create ./tf...: File exists"): an administrator removes it, while no sendmail runs.
   */
  void startAgain() {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(files.queue(), "tf*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  /** Why a private sendmail cannot be had on this machine; empty if it can. */
  public static Optional<String> unavailable() {
    return SendmailPackage.unpacked().unavailable();
  }

  private Command.Result run(String... arguments) {
    List<String> all = new ArrayList<>();
    // Each line unbuffered, with the bare text of the log (see SendmailLog).
    all.addAll(List.of("-C", files.cf().toString(), "-D", files.log().toString(), "-d89.8"));
    all.addAll(List.of(arguments));
    List<String> variables = resolver.stream().map(ResolverShim::variable).toList();
    return Command.run(new byte[0], unpacked.command(variables, all.toArray(String[]::new)));
  }

  @Override
  public String name() {
    return "Sendmail " + unpacked.version();
  }

  @Override
  public boolean can(Ability ability) {
    return switch (ability) {
      case AUTH -> unpacked.saslPlugins().isPresent();
      case IPV6 -> Loopback.hasIpv6();
      default -> ABILITIES.contains(ability);
    };
  }

  @Override
  public InetSocketAddress smtp() {
    return Loopback.ipv4(port);
  }

  @Override
  public void runQueue() {
    // A message that is being delivered is locked, and a queue run passes it over.
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !LOCKED.matcher(run("-bp").output()).find());
    run("-q").orThrow();
  }

  @Override
  public List<String> queue() {
    return SendmailFiles.files(files.queue()).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.startsWith("qf"))
        .map(name -> name.substring(2))
        .toList();
  }

  @Override
  public List<byte[]> mailbox(String user) {
    return Trees.contents(mailboxFiles(user));
  }

  /** The files of these, in the same order. */
  List<Path> mailboxFiles(String user) {
    return SendmailFiles.files(files.mail().resolve(user)).stream()
        .filter(file -> !file.getFileName().toString().startsWith("."))
        .toList();
  }

  public SendmailLog log() {
    return log;
  }

  /** The configuration that m4 made. */
  public Path cf() {
    return files.cf();
  }

  @Override
  public List<LogLine> log(String queueId) {
    return log.recipients(queueId);
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
    sasl.ifPresent(SaslAuthDaemon::close);
    try {
      // The daemon's children, which deliver, end with their work.
      pid().flatMap(ProcessHandle::of).ifPresent(RealSendmail::stop);
    } finally {
      Trees.remove(files.base());
      resolver.ifPresent(ResolverShim::remove);
    }
  }

  private static void stop(ProcessHandle daemon) {
    daemon.descendants().forEach(ProcessHandle::destroy);
    daemon.destroy();
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !daemon.isAlive());
  }

  private Optional<Long> pid() {
    try {
      return Files.readString(files.pid()).lines().findFirst().map(Long::valueOf);
    } catch (NoSuchFileException notStarted) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
