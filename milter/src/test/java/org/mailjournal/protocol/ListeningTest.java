package org.mailjournal.protocol;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ListeningTest {
  @TempDir private Path directory;

  private static MilterServer server(Endpoint at, Witness witness) {
    return new MilterServer(MilterServer.Settings.of(at, 10, Duration.ofSeconds(60)), witness);
  }

  private static MilterServer server(Endpoint at) {
    return server(at, new Witness());
  }

  private static Endpoint loopback() {
    return new Endpoint.Inet("127.0.0.1", 0);
  }

  private Endpoint.Unix unix() {
    return Endpoint.Unix.of(directory.resolve("milter"));
  }

  private static void assertAnswers(Endpoint at) {
    try (MilterClient mta = MilterClient.negotiated(at)) {
      assertEquals('c', mta.send('M', "<a@b>\0").send('E', "").read().letter());
    }
  }

  @Test
  void aBusyPortIsSaidAtOnce() {
    try (MilterServer first = server(loopback())) {
      Endpoint taken = first.start();
      try (MilterServer second = server(taken)) {
        ProtocolException busy = assertThrows(ProtocolException.class, second::start);
        assertTrue(busy.getMessage().contains(taken.toString()), busy.getMessage());
        assertTrue(busy.getMessage().contains("stop what listens there"), busy.getMessage());
      }
    }
  }

  @Test
  void whoConnectsBeforeAnybodyIsLetInWaits() {
    try (MilterServer server = server(loopback());
        MilterClient early = MilterClient.connect(server.bind())) {
      await().during(Duration.ofMillis(200)).until(() -> server.connections() == 0);

      server.accept();

      assertEquals('O', early.negotiate(6, 0, 0).letter());
    }
  }

  @Test
  void aHostThatDoesNotExistIsSaid() {
    try (MilterServer server = server(new Endpoint.Inet("no-such-host.invalid", 0))) {
      assertThrows(ProtocolException.class, server::start);
    }
  }

  @Test
  void theSocketIsForItsOwnerAndGroupAndGoesWithTheServer() throws IOException {
    try (MilterServer server = server(unix())) {
      assertAnswers(server.start());
      assertEquals(
          "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(unix().path())));
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void theSocketGetsTheGroupThatIsAskedFor() throws IOException {
    String group = Files.readAttributes(directory, PosixFileAttributes.class).group().getName();
    Endpoint.Unix at = new Endpoint.Unix(unix().path(), unix().mode(), Optional.of(group));
    try (MilterServer server = server(at)) {
      assertAnswers(server.start());
    }
    Endpoint.Unix nobodys =
        new Endpoint.Unix(unix().path(), unix().mode(), Optional.of("no-such-group"));
    try (MilterServer server = server(nobodys)) {
      ProtocolException refusal = assertThrows(ProtocolException.class, server::start);
      assertTrue(refusal.getMessage().contains("no-such-group"), refusal.getMessage());
    }
    assertFalse(Files.exists(unix().path()));
  }

  @Test
  void aModeForEverybodyIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Endpoint.Unix(
                unix().path(), PosixFilePermissions.fromString("rw-rw-rw-"), Optional.empty()));
  }

  @Test
  void theSocketOfADeadProcessIsReplaced() throws IOException {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(unix().path()));
    }
    assertTrue(Files.exists(unix().path()));
    try (MilterServer server = server(unix())) {
      assertAnswers(server.start());
    }
  }

  @Test
  void theSocketOfALivingProcessIsNot() {
    try (MilterServer first = server(unix())) {
      first.start();
      try (MilterServer second = server(unix())) {
        ProtocolException busy = assertThrows(ProtocolException.class, second::start);
        assertTrue(busy.getMessage().contains("is in use"), busy.getMessage());
      }
      assertAnswers(first.endpoint());
    }
  }

  @Test
  void aFileOrALinkInItsPlaceIsLeftAlone() throws IOException {
    Files.writeString(unix().path(), "precious");
    try (MilterServer server = server(unix())) {
      assertThrows(ProtocolException.class, server::start);
    }
    assertEquals("precious", Files.readString(unix().path()));

    Files.delete(unix().path());
    Files.createSymbolicLink(unix().path(), directory.resolve("elsewhere"));
    try (MilterServer server = server(unix())) {
      ProtocolException refusal = assertThrows(ProtocolException.class, server::start);
      assertTrue(refusal.getMessage().contains("symbolic link"), refusal.getMessage());
    }
    assertTrue(Files.exists(unix().path(), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void aDirectoryThatIsMissingIsSaid() {
    try (MilterServer server = server(Endpoint.Unix.of(directory.resolve("missing/milter")))) {
      ProtocolException refusal = assertThrows(ProtocolException.class, server::start);
      assertTrue(refusal.getMessage().contains("check that its directory exists"));
    }
  }

  @Test
  void stoppingToAcceptLeavesOpenConnectionsAlone() {
    try (MilterServer server = server(loopback());
        MilterClient mta = MilterClient.negotiated(server.start())) {
      server.stopAccepting();
      await()
          .untilAsserted(
              () ->
                  assertThrows(
                      UncheckedIOException.class, () -> MilterClient.connect(server.endpoint())));
      assertEquals('c', mta.send('M', "<a@b>\0").send('E', "").read().letter());
    }
  }

  @Test
  void drainingLetsAnOpenMessageFinishAndRefusesTheNext() {
    Witness witness = new Witness();
    try (MilterServer server = server(loopback(), witness);
        MilterClient open = MilterClient.negotiated(server.start());
        MilterClient other = MilterClient.negotiated(server.endpoint())) {
      open.send('M', "<a@b>\0");
      await().until(() -> witness.count("mail") == 1);
      CompletableFuture<Integer> drained =
          CompletableFuture.supplyAsync(() -> server.drain(Duration.ofSeconds(10)));
      await()
          .untilAsserted(
              () ->
                  assertTrue(
                      other
                          .send('M', "<late@b>\0")
                          .send('E', "")
                          .read()
                          .content()
                          .startsWith("451 4.3.2")));
      assertEquals('c', open.send('E', "").read().letter());
      assertEquals(0, drained.join());
      assertTrue(open.isClosedByServer());
      assertTrue(other.isClosedByServer());
    }
  }

  @Test
  void drainingAnswersWhatWaitsForTheJournalInTheEnd() {
    CompletableFuture<Reply> never = new CompletableFuture<>();
    Witness witness = new Witness(() -> never);
    try (MilterServer server = server(loopback(), witness);
        MilterClient waiting = MilterClient.negotiated(server.start());
        MilterClient open = MilterClient.negotiated(server.endpoint())) {
      open.send('M', "<open@b>\0");
      waiting.send('M', "<a@b>\0").send('E', "");
      await().until(() -> witness.count("eom") == 1 && witness.count("mail") == 2);
      assertEquals(2, server.drain(Duration.ofMillis(50)));
      assertTrue(waiting.read().content().startsWith("451 4.3.2"));
      assertTrue(waiting.isClosedByServer());
      assertTrue(open.isClosedByServer());
    }
    await().until(() -> witness.count("closed") == 2);
    assertEquals(1, witness.count("abort"));
  }
}
