package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One service's socket, and what its log has of those who come. */
@Timeout(60)
class EndpointTest {
  private final PrintStream usual = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  @TempDir private Path queue;
  private UnixDomainSocketAddress socket;
  private Endpoint endpoint;

  @BeforeEach
  void listen() throws IOException {
    Files.createDirectory(queue.resolve("private"));
    Settings settings = Settings.of(queue);
    socket = UnixDomainSocketAddress.of(settings.socket(settings.route(Service.TRACE).ours()));
    endpoint = new Endpoint(Service.TRACE, settings, null, null, new Watchdog());
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void close() {
    System.setErr(usual);
    endpoint.close();
  }

  private SocketChannel connected() throws IOException {
    return SocketChannel.open(socket);
  }

  /** All who came so far are dealt with. What is left of other tests may complain as well. */
  private String complaints() throws IOException {
    endpoint.start();
    try (SocketChannel last = connected()) {
      assertTrue(last.read(ByteBuffer.allocate(100)) > 0);
    }
    endpoint.drain(Duration.ofSeconds(20));
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("] Endpoint - "))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void whoeverIsGoneBeforeHeAsksIsNoWarning() throws IOException {
    connected().close();

    String said = complaints();

    assertEquals("", said);
  }

  @Test
  void whoeverIsCutWhileHeAsksIsOne() throws IOException {
    try (SocketChannel half = connected()) {
      half.write(ByteBuffer.wrap("nrequest\0".getBytes(StandardCharsets.US_ASCII)));
      half.shutdownOutput();

      String said = complaints();

      assertTrue(said.contains("connection given up"), said);
      assertFalse(said.contains("Broken pipe"), said);
    }
  }
}
