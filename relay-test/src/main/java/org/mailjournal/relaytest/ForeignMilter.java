package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A milter that is not ours, in the foreground, for as long as it is compared. */
record ForeignMilter(InetSocketAddress address, Process process) implements AutoCloseable {
  private static final Path OPENDKIM = Path.of("/usr/sbin/opendkim");
  private static final Path HEADER = Path.of("/usr/include/libmilter/mfapi.h");

  /** Why the bare program in C cannot be made; empty if it can. */
  static Optional<String> bareUnavailable() {
    if (!Files.exists(HEADER)) {
      return Optional.of("there is no " + HEADER + " (Debian's libmilter-dev)");
    }
    return compiler().isPresent() ? Optional.empty() : Optional.of("there is no C compiler");
  }

  private static Optional<String> compiler() {
    return Stream.of("/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/tcc")
        .filter(each -> Files.isExecutable(Path.of(each)))
        .findFirst();
  }

  /** A program of libmilter that answers every event at once, compiled now. */
  static ForeignMilter bare(Path directory) throws IOException {
    String program = directory.resolve("bare").toString();
    String source = Repository.file("relay-test/src/main/c/bare.c").toString();
    Command.run(compiler().orElseThrow(), "-O2", "-o", program, source, "-lmilter", "-lpthread")
        .orThrow();
    int port = Loopback.freePort();
    return start(port, List.of(program, "inet:" + port + "@127.0.0.1"));
  }

  /** Why there is no OpenDKIM; empty if there is. */
  static Optional<String> openDkimUnavailable() {
    return Files.isExecutable(OPENDKIM)
        ? Optional.empty()
        : Optional.of("there is no " + OPENDKIM + " (Debian's opendkim)");
  }

  /**
   * OpenDKIM that only signs, and nothing of what it is shown: it verifies nothing, and accepts a
   * message when it has seen the header section.
   */
  static ForeignMilter openDkim(Path directory) throws IOException {
    Path key = directory.resolve("key.pem");
    Command.run("openssl", "genrsa", "-out", key.toString(), "1024").orThrow();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    int port = Loopback.freePort();
    Path configuration = directory.resolve("opendkim.conf");
    Files.writeString(
        configuration,
        """
        Mode s
        Domain elsewhere.invalid
        Selector none
        KeyFile %s
        RequireSafeKeys no
        Socket inet:%d@127.0.0.1
        Syslog no
        Background no
        """
            .formatted(key, port));
    return start(port, List.of(OPENDKIM.toString(), "-f", "-x", configuration.toString()));
  }

  private static ForeignMilter start(int port, List<String> command) throws IOException {
    Process process =
        Threads.notLeftBehind(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    ForeignMilter milter = new ForeignMilter(Loopback.ipv4(port), process);
    try {
      awaitListening(milter.address());
    } catch (RuntimeException e) {
      milter.close();
      throw e;
    }
    return milter;
  }

  static void awaitListening(InetSocketAddress address) {
    Awaitility.await("a milter listens at " + address)
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                return socket.isConnected();
              }
            });
  }

  /** How long it has kept processors busy. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
