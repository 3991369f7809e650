package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built daemon in surroundings that wish it ill. */
class HostileTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final int milter = Loopback.freePort();
  private final int relay = Loopback.freePort();
  private final List<Socket> sockets = new ArrayList<>();
  private Process daemon;

  @AfterEach
  void end() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    if (daemon != null) {
      daemon.destroyForcibly().waitFor();
    }
  }

  /** Starts it from a shell that did this first. */
  private void start(String first, String... configuration) throws IOException {
    List<String> lines = new ArrayList<>(List.of(configuration));
    lines.add("store.url = \"jdbc:sqlite:" + directory.resolve("var/journal.db") + "\"");
    Path file = Files.write(directory.resolve("journal.conf"), lines);
    List<String> command = new ArrayList<>(List.of("sh", "-c", first + "; exec \"$@\"", "sh"));
    command.addAll(Program.built().command("run", "--config", file.toString()));
    daemon =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
  }

  private void startOnPorts(String first) throws IOException {
    start(
        first,
        "milter.listen = \"inet:" + milter + "@127.0.0.1\"",
        "egress.listen = \"inet:" + relay + "@127.0.0.1\"");
    Awaitility.await().atMost(PATIENCE).until(() -> Loopback.answers(Loopback.ipv4(relay)));
    Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("FIRST"));
  }

  private boolean takesMessage(String queueId) {
    return takesMessage(queueId, "inet:" + milter + "@127.0.0.1");
  }

  private static boolean takesMessage(String queueId, String place) {
    MilterMessage message = MilterMessage.of(queueId, "a@x.test", "A: b\r\n\r\nc\r\n", "b@y.test");
    try (MilterClient client = MilterClient.open(place, Habit.POSTFIX)) {
      client.define("j", "mail.local.test");
      client.connection("client.test", MilterClient.Family.INET, "192.0.2.1", 25);
      client.helo("client.test");
      return message.run(client).verdict().word() == Verdict.Word.CONTINUE;
    } catch (IOException notYet) {
      return false;
    }
  }

  private void connect(InetSocketAddress to, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket();
      sockets.add(socket);
      socket.connect(to, 5000);
      socket.getOutputStream().write(0);
    }
  }

  @Test
  void underAnOpenUmaskNothingIsOpenToOthers() throws Exception {
    Path milterSocket = directory.resolve("m");
    Path relaySocket = directory.resolve("e");
    start(
        "umask 0",
        "milter.listen = \"unix:" + milterSocket + "\"",
        "egress.listen = \"unix:" + relaySocket + "\"");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(milterSocket) && Files.exists(relaySocket));

    Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("FIRST", "unix:" + milterSocket));
    Path copy = directory.resolve("copy.db");
    Path evidence = directory.resolve("evidence.eml");
    journal("backup", copy.toString());
    journal("evidence", "FIRST", "-o", evidence.toString());

    List<Path> made = new ArrayList<>(List.of(milterSocket, relaySocket, copy, evidence));
    try (Stream<Path> files = Files.walk(directory.resolve("var"))) {
      made.addAll(files.toList());
    }
    for (Path one : made) {
      String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(one));
      assertTrue(rights.endsWith("---"), one + " " + rights);
    }
  }

  /** A command as an admin's careless shell would start it. */
  private void journal(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"));
    line.addAll(
        Program.built().command(command, "--config", directory.resolve("journal.conf").toString()));
    line.addAll(List.of(arguments));
    Command.run(line.toArray(new String[0])).orThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {".lock", ".mark", ".emergency"})
  void aLinkInAFilesPlaceIsNotFollowed(String file) throws Exception {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
    Files.createDirectories(directory.resolve("var"));
    Files.createSymbolicLink(directory.resolve("var/journal.db" + file), elsewhere);
    start(
        "umask 022",
        "milter.listen = \"inet:" + milter + "@127.0.0.1\"",
        "egress.listen = \"inet:" + relay + "@127.0.0.1\"");

    Awaitility.await().atMost(PATIENCE).until(() -> !daemon.isAlive() || takesMessage("FIRST"));
    assertEquals("precious", Files.readString(elsewhere));
  }

  @Test
  void aLinkInASocketsPlaceIsRefusedAndLeftAlone() throws Exception {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("e"), elsewhere);
    start(
        "umask 022",
        "milter.listen = \"inet:" + milter + "@127.0.0.1\"",
        "egress.listen = \"unix:" + link + "\"");

    assertTrue(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(2, daemon.exitValue(), Files.readString(directory.resolve("log")));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("precious", Files.readString(elsewhere));
  }

  /** Each has begun something and says no more. */
  @Test
  void manyWhoSayNothingHoldUpNobody() throws Exception {
    startOnPorts("umask 022");

    connect(Loopback.ipv4(milter), 400);
    connect(Loopback.ipv4(relay), 60);

    assertTrue(takesMessage("SECOND"));
    Awaitility.await().atMost(PATIENCE).until(() -> Loopback.answers(Loopback.ipv4(relay)));
  }

  @Test
  void whenFileDescriptorsRunOutItGoesOnAfterwards() throws Exception {
    startOnPorts("ulimit -n 150");

    connect(Loopback.ipv4(milter), 300);
    for (Socket socket : sockets) {
      socket.close();
    }

    Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("SECOND"));
    assertTrue(daemon.isAlive());
    assertFalse(Files.readString(directory.resolve("log")).contains("NullPointer"));
  }
}
