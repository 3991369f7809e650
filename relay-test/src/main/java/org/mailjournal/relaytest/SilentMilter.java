package org.mailjournal.relaytest;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.mailjournal.protocol.Endpoint;
import org.mailjournal.protocol.MilterServer;
import org.mailjournal.session.Sessions;

/**
 * The daemon's milter with no journal behind it: it answers at once. What the journal is held to.
 */
public final class SilentMilter {
  private static final int CONNECTIONS = 1100;

  private SilentMilter() {}

  /** Listens at the port that it is given, until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Endpoint listen = new Endpoint.Inet("127.0.0.1", Integer.parseInt(arguments[0]));
    Sessions sessions =
        new Sessions(
            events -> CompletableFuture.completedFuture(events.size()),
            Clock.systemUTC(),
            Sessions.OnFailure.TEMPFAIL,
            List.of());
    MilterServer.Settings settings =
        MilterServer.Settings.of(listen, CONNECTIONS, Duration.ofHours(1));
    try (MilterServer server = new MilterServer(settings, sessions)) {
      server.start();
      System.in.read();
    }
  }

  /** One in a process of its own, with the options that the launcher gives the daemon. */
  static Process start(int port) throws IOException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx256m",
            "-Xmn8m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            SilentMilter.class.getName(),
            String.valueOf(port));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
