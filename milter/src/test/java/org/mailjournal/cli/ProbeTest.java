package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.config.Config.Listen;
import org.mailjournal.journal.MemoryJournal;
import org.mailjournal.postfix.PassTap;
import org.mailjournal.postfix.Settings;
import org.mailjournal.protocol.Endpoint;
import org.mailjournal.protocol.MilterServer;
import org.mailjournal.receipt.SubmissionServer;
import org.mailjournal.session.Sessions;

/** What is asked from outside, of those whom it is meant for. */
@Timeout(120)
class ProbeTest {
  private static final Path NULL = Path.of("/dev/null");

  @TempDir private Path directory;

  private static Listen.Inet at(int port) {
    return new Listen.Inet("127.0.0.1", port);
  }

  /** What the daemon's log gets from an action. */
  private static String logged(Runnable action) {
    PrintStream usual = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(usual);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  @Test
  void ourMilterAnswersAndHasNoComplaint() {
    MemoryJournal journal = new MemoryJournal();
    Clock clock = Clock.systemUTC();
    Sessions sessions = new Sessions(journal, clock, Sessions.OnFailure.TEMPFAIL, List.of());
    MilterServer.Settings settings =
        MilterServer.Settings.of(new Endpoint.Inet("127.0.0.1", 0), 10, Duration.ofSeconds(60));
    try (MilterServer server = new MilterServer(settings, sessions)) {
      int port = ((Endpoint.Inet) server.start()).port();

      String log =
          logged(
              () -> {
                assertEquals(Optional.empty(), Probe.trouble(at(port), Probe.Language.MILTER));
                server.drain(Duration.ofSeconds(10));
              });

      assertFalse(log.contains("WARN") || log.contains("ERROR"), log);
    }
    assertEquals(List.of(), journal.eventsAfter(0, 10));
  }

  /** Before 3.6 it greets nobody. */
  @ParameterizedTest
  @ValueSource(strings = {"3.7.11", "3.5.25"})
  void ourTapAnswersAndHasNoComplaint(String version) throws IOException {
    Path queue = Files.createDirectories(directory.resolve("q"));
    Files.createDirectories(queue.resolve("private"));
    MemoryJournal journal = new MemoryJournal();
    Settings settings = Settings.of(queue).withInstance(Optional.of(version), Set.of());
    Listen socket = new Listen.Unix(queue.resolve("private/journal-trace"));
    String log =
        logged(
            () -> {
              try (PassTap tap = new PassTap(settings, journal, journal, Clock.systemUTC())) {
                tap.start();
                assertEquals(Optional.empty(), Probe.trouble(socket, Probe.Language.TAP));
              }
            });

    assertFalse(log.contains("WARN") || log.contains("ERROR"), log);
  }

  @Test
  void aRelayIsTakenLeaveOf() {
    try (SubmissionServer server = new SubmissionServer()) {
      assertEquals(Optional.empty(), Probe.trouble(at(server.port()), Probe.Language.SMTP));
      assertEquals(List.of("QUIT"), server.commands());
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whoeverListensAndDoesNotSpeakIsSilent() throws IOException {
    try (ServerSocket hanging = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertEquals(
          Optional.of(new Probe.Trouble("no word within 5 s", true, true)),
          Probe.trouble(at(hanging.getLocalPort()), Probe.Language.MILTER));
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void soIsWhoeverTakesNoMoreConnections() throws IOException {
    Path path = directory.resolve("full");
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      hanging.bind(UnixDomainSocketAddress.of(path), 1);
      assertThrows(
          SocketException.class,
          () -> {
            while (true) {
              SocketChannel one = SocketChannel.open(StandardProtocolFamily.UNIX);
              waiting.add(one);
              one.configureBlocking(false);
              one.connect(UnixDomainSocketAddress.of(path));
            }
          });

      assertEquals(
          Optional.of(true),
          Probe.trouble(new Listen.Unix(path), Probe.Language.TAP).map(Probe.Trouble::isSilent));
    } finally {
      for (SocketChannel one : waiting) {
        one.close();
      }
    }
  }

  @Test
  void aMilterThatClosesOrSpeaksOtherwiseDoesNotAnswer() throws IOException {
    try (SubmissionServer mail = new SubmissionServer()) {
      Optional<Probe.Trouble> trouble = Probe.trouble(at(mail.port()), Probe.Language.MILTER);
      assertTrue(trouble.filter(Probe.Trouble::isSilent).isPresent(), trouble::toString);
    }
  }

  @Test
  void nobodyIsNotSilence() {
    assertEquals(
        Optional.of(false),
        Probe.trouble(at(1), Probe.Language.MILTER).map(Probe.Trouble::isSilent));
    assertEquals(
        Optional.of(false),
        Probe.trouble(new Listen.Unix(NULL), Probe.Language.TAP).map(Probe.Trouble::isSilent));
    assertEquals(
        Optional.of(new Probe.Trouble("no address is known for the host", false, false)),
        Probe.trouble(new Listen.Inet("host.invalid", 1), Probe.Language.NONE));
  }
}
