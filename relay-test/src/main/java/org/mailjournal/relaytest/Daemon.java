package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.TerminalFailureException;

/** The product's daemon in a process of its own, started as its administrator would. */
public final class Daemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * How it is to run.
   *
   * @param directory for the configuration and the journal; made when it is not there, and removed
   *     at the end
   * @param log gets what it prints, and stays
   * @param user whom it runs as; absent for the user of the tests
   * @param listen the milter's place, {@code inet:PORT@HOST} or {@code unix:/path}
   * @param queueDirectory Postfix's, which switches the pass tap on
   * @param more further lines of the configuration
   */
  public record Setup(
      Program program,
      Path directory,
      Path log,
      Optional<String> user,
      String listen,
      Optional<Path> queueDirectory,
      List<String> more) {
    public Setup {
      more = List.copyOf(more);
    }

    Path configuration() {
      return directory.resolve("journal.conf");
    }

    private List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("milter.listen = \"" + listen + "\"");
      lines.add("store.url = \"jdbc:sqlite:" + directory.resolve("journal.db") + "\"");
      queueDirectory.ifPresent(q -> lines.add("postfix.queue-directory = \"" + q + "\""));
      lines.addAll(more);
      return lines;
    }
  }

  private final Setup setup;
  private Process process;

  private Daemon(Setup setup) {
    this.setup = setup;
  }

  /** A daemon that listens. */
  public static Daemon start(Setup setup) {
    try {
      Files.createDirectories(setup.directory());
      Files.createDirectories(setup.log().toAbsolutePath().getParent());
      Files.write(setup.configuration(), setup.lines());
      setup.user().ifPresent(user -> give(setup.directory(), user));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Daemon daemon = new Daemon(setup);
    daemon.start();
    return daemon;
  }

  private static void give(Path directory, String user) {
    Command.run("chown", "-R", user, directory.toString()).orThrow();
  }

  /** Starts it again after it was stopped or killed. */
  public void start() {
    if (isAlive()) {
      throw new IllegalStateException("the daemon runs already");
    }
    List<String> command = new ArrayList<>();
    // setpriv becomes the daemon; runuser would stay in between and answer SIGTERM with SIGKILL.
    setup
        .user()
        .ifPresent(
            user -> {
              command.addAll(List.of("setpriv", "--reuid=" + user, "--init-groups"));
              command.add("--regid=" + primaryGroup(user));
            });
    command.addAll(setup.program().command("run", "--config", setup.configuration().toString()));
    try {
      process =
          Threads.notLeftBehind(
              new ProcessBuilder(command)
                  .directory(setup.directory().toFile())
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                  .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitListening();
  }

  private static String primaryGroup(String user) {
    return Command.run("id", "-g", user).orThrow().output().strip();
  }

  private void awaitListening() {
    try {
      Awaitility.await("the daemon listens at " + setup.listen())
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .failFast("the daemon ended", () -> !process.isAlive())
          .until(() -> isReachable() && tapIsThere());
    } catch (TerminalFailureException e) {
      // Whoever made its directory may remove it with the log in it.
      throw new IllegalStateException("the daemon ended; its last words: " + lastWords(), e);
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReachable() {
    SocketAddress address = address();
    StandardProtocolFamily family =
        address instanceof UnixDomainSocketAddress
            ? StandardProtocolFamily.UNIX
            : StandardProtocolFamily.INET;
    try (SocketChannel channel = SocketChannel.open(family)) {
      return channel.connect(address);
    } catch (IOException notYet) {
      return false;
    }
  }

  private boolean tapIsThere() {
    return setup
        .queueDirectory()
        .map(q -> q.resolve("private"))
        .map(
            place ->
                List.of("journal-trace", "journal-bounce", "journal-defer").stream()
                    .allMatch(name -> Files.exists(place.resolve(name))))
        .orElse(true);
  }

  /** Where an MTA reaches the milter. */
  public SocketAddress address() {
    String listen = setup.listen();
    if (listen.startsWith("unix:")) {
      return UnixDomainSocketAddress.of(listen.substring("unix:".length()));
    }
    int at = listen.indexOf('@');
    int port = Integer.parseInt(listen.substring("inet:".length(), at));
    return new InetSocketAddress(listen.substring(at + 1), port);
  }

  /** The milter's place in the notation of Postfix and sendmail. */
  public String listen() {
    return setup.listen();
  }

  public Path configuration() {
    return setup.configuration();
  }

  /** What it printed. */
  public Path log() {
    return setup.log();
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** How long it has kept processors busy. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** SIGTERM; waits for the end and gives the exit code. */
  public int stop() {
    process.destroy();
    return awaitEnd();
  }

  /** SIGKILL: the process ends between two instructions. */
  public void kill() {
    if (process == null) {
      return;
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    awaitEnd();
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the daemon did not end within " + PATIENCE);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  @Override
  public void close() {
    try {
      if (isAlive()) {
        stop();
      }
    } finally {
      kill();
      Trees.remove(setup.directory());
    }
  }
}
