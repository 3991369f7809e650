package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/**
 * Mail of Postfix's smtp-source through an MTA to Postfix's smtp-sink, from the first message until
 * the queue is empty.
 *
 * @param more further options of smtp-source
 */
record SmtpSource(int sessions, int messages, List<String> more) {
  private static final Path SINK = Path.of("/usr/sbin/smtp-sink");
  private static final int LENGTH = 4096;
  private static final int BACKLOG = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  SmtpSource {
    more = List.copyOf(more);
  }

  /** Why there is neither source nor sink; empty if there are. */
  static Optional<String> unavailable() {
    return Files.isExecutable(SINK)
        ? Optional.empty()
        : Optional.of("there is no " + SINK + ", which comes with Postfix");
  }

  /** Where the mail ends. */
  static Process sink(int port) throws IOException {
    // As root it wants a user to become.
    List<String> command =
        List.of(SINK.toString(), "-u", "nobody", "127.0.0.1:" + port, "" + BACKLOG);
    return Threads.notLeftBehind(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  double perSecond(InetSocketAddress mta, String sender, Callable<Boolean> queueIsEmpty) {
    List<String> command = new ArrayList<>(List.of("/usr/sbin/smtp-source"));
    command.addAll(more);
    command.addAll(List.of("-s", "" + sessions, "-m", "" + messages, "-l", "" + LENGTH));
    command.addAll(List.of("-f", sender, "-t", "bob@sink.test", "127.0.0.1:" + mta.getPort()));
    long start = System.nanoTime();
    Command.run(new byte[0], command).orThrow();
    Awaitility.await("the queue is empty")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(queueIsEmpty);
    return messages * 1e9 / (System.nanoTime() - start);
  }
}
