package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built daemon at the end of what it may have: connections, memory, descriptors, disk. */
class LimitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What the daemon, and each side of a connection in this process, need besides. */
  private static final int SPARE = 1_000;

  /** SMFIC_OPTNEG with all of version 6. */
  private static final byte[] OFFER = {0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, -1, 0, 31, -1, -1};

  @TempDir private Path directory;
  private final int milter = Loopback.freePort();
  private final int relay = Loopback.freePort();
  private final List<Socket> sockets = new ArrayList<>();
  private Process daemon;

  @AfterEach
  void end() throws Exception {
    hangUp();
    if (daemon != null) {
      daemon.destroyForcibly().waitFor();
    }
  }

  private void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  private void start(String first, Path journal, String... more) throws IOException {
    List<String> lines = new ArrayList<>(List.of(more));
    lines.add("milter.listen = \"" + listen() + "\"");
    lines.add("egress.listen = \"inet:" + relay + "@127.0.0.1\"");
    lines.add("store.url = \"jdbc:sqlite:" + journal + "\"");
    Path file = Files.write(directory.resolve("journal.conf"), lines);
    List<String> command = new ArrayList<>(List.of("sh", "-c", first + "; exec \"$@\"", "sh"));
    command.addAll(Program.built().command("run", "--config", file.toString()));
    daemon =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
  }

  private void startAndServe(String first, String... more) throws IOException {
    start(first, directory.resolve("var/journal.db"), more);
    Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("FIRST"));
  }

  private String listen() {
    return "inet:" + milter + "@127.0.0.1";
  }

  private Path log() {
    return directory.resolve("log");
  }

  private String said() throws IOException {
    return Files.readString(log());
  }

  private boolean takesMessage(String queueId, String... recipients) {
    String[] to = recipients.length == 0 ? new String[] {"b@y.test"} : recipients;
    MilterMessage message = MilterMessage.of(queueId, "a@x.test", "A: b\r\n\r\nc\r\n", to);
    try (MilterClient client = MilterClient.open(listen(), Habit.POSTFIX)) {
      client.define("j", "mail.local.test");
      client.connection("client.test", MilterClient.Family.INET, "192.0.2.1", 25);
      client.helo("client.test");
      return message.run(client).verdict().word() == Verdict.Word.CONTINUE;
    } catch (IOException notYet) {
      return false;
    }
  }

  private Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.connect(Loopback.ipv4(port), 10_000);
    return socket;
  }

  private static byte[] packet(char letter, String text) {
    byte[] content = text.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    int size = content.length + 1;
    packet.writeBytes(
        new byte[] {0, (byte) (size >> 16), (byte) (size >> 8), (byte) size, (byte) letter});
    packet.writeBytes(content);
    return packet.toByteArray();
  }

  /** How many connections this process and the daemon can have. */
  private static int most(int wanted) throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(one -> one.startsWith("Max open files"))
            .findFirst()
            .orElseThrow();
    String soft = line.split(" {2,}", -1)[1];
    return soft.equals("unlimited") ? wanted : (int) Math.min(wanted, Long.parseLong(soft) - SPARE);
  }

  @Test
  void tenThousandConnectionsInTheMiddleOfAMessageHoldUpNobody() throws Exception {
    startAndServe("umask 022", "milter.max-connections = 20000");

    int count = most(10_000);
    for (int i = 0; i < count; i++) {
      OutputStream out = connect(milter).getOutputStream();
      out.write(OFFER);
      out.write(packet('M', "<a@x.test>\0"));
      out.write(packet('R', "<b@y.test>\0"), 0, 7);
    }

    assertTrue(takesMessage("SECOND"));
    Awaitility.await().atMost(PATIENCE).until(() -> Loopback.answers(Loopback.ipv4(relay)));
    hangUp();
    assertTrue(takesMessage("THIRD"));
    assertTrue(daemon.isAlive(), said());
  }

  @Test
  void withoutDescriptorsItSaysSoOnceAndGoesOnWhenTheyAreBack() throws Exception {
    startAndServe("ulimit -n 150");
    assertTrue(said().contains("limits: 150 files may be open"), said());

    for (int i = 0; i < 150; i++) {
      connect(milter).getOutputStream().write(OFFER);
    }
    for (int i = 0; i < 20; i++) {
      connect(relay);
    }
    String problem = "no more connections can be taken";
    Awaitility.await().atMost(PATIENCE).until(() -> said().contains(problem));
    hangUp();

    Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("SECOND"));
    Awaitility.await().atMost(PATIENCE).until(() -> Loopback.answers(Loopback.ipv4(relay)));
    assertTrue(said().split(problem, -1).length <= 4, said());
    assertFalse(said().contains("Exception: "), said());
  }

  @Test
  void moreConnectionsThanAllowedWait() throws Exception {
    startAndServe("umask 022", "milter.max-connections = 10");
    for (int i = 0; i < 10; i++) {
      connect(milter).getOutputStream().write(OFFER);
    }
    Awaitility.await().atMost(PATIENCE).until(() -> said().contains("the most allowed"));

    Socket next = connect(milter);
    next.getOutputStream().write(OFFER);
    assertEquals(0, next.getInputStream().available());
    sockets.get(0).close();
    next.setSoTimeout((int) PATIENCE.toMillis());
    assertTrue(next.getInputStream().read() >= 0);
  }

  @Test
  void whoFillsTheMemoryEndsItAtOnceAndNothingThatWasTakenIsLost() throws Exception {
    startAndServe("export MAILJOURNAL_JAVA_OPTS=-Xmx48m");

    OutputStream out = connect(milter).getOutputStream();
    out.write(OFFER);
    out.write(packet('M', "<a@x.test>\0"));
    byte[] recipient = packet('R', "<" + "b".repeat(900) + "@y.test>\0");
    byte[] many = new byte[64 * recipient.length];
    for (int i = 0; i < 64; i++) {
      System.arraycopy(recipient, 0, many, i * recipient.length, recipient.length);
    }
    for (int i = 0; i < 20_000 && daemon.isAlive(); i++) {
      try {
        out.write(many);
      } catch (IOException gone) {
        break;
      }
    }

    assertTrue(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it lives on half");
    assertEquals(3, daemon.exitValue(), said());
    assertTrue(said().contains("java.lang.OutOfMemoryError"), said());
    startAndServe("umask 022");
    assertTrue(found("FIRST"), said());
  }

  private boolean found(String queueId) {
    List<String> find =
        Program.built()
            .command("find", "--config", directory.resolve("journal.conf").toString(), queueId);
    return Command.run(find.toArray(new String[0])).exitCode() == 0;
  }

  @Test
  void manyGreatPacketsAtOnceCostTheirSendersOnly() throws Exception {
    startAndServe("export MAILJOURNAL_JAVA_OPTS=-Xmx48m");

    byte[] unfinished = new byte[1_000_000];
    System.arraycopy(new byte[] {0, 16, 0, 0, 'L'}, 0, unfinished, 0, 5);
    for (int i = 0; i < 120; i++) {
      try {
        OutputStream out = connect(milter).getOutputStream();
        out.write(OFFER);
        out.write(unfinished);
      } catch (IOException thrownOut) {
        // As it should be when there is no room.
      }
    }
    hangUp();

    Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("SECOND"));
    assertTrue(daemon.isAlive(), said());
  }

  /** The relay looks through what was recorded last, for what next hops may have taken. */
  @Test
  void aStartBehindMessagesWithManyRecipientsTakesNoMoreMemory() throws Exception {
    startAndServe("umask 022");
    String[] many =
        IntStream.range(0, 1000).mapToObj(i -> "recipient-" + i + "@y.test").toArray(String[]::new);
    for (int i = 0; i < 400; i++) {
      assertTrue(takesMessage("WIDE" + i, many), said());
    }
    daemon.destroyForcibly().waitFor();

    startAndServe("export MAILJOURNAL_JAVA_OPTS=-Xmx64m");

    assertTrue(found("WIDE399"), said());
  }

  /** As at boot, before the name server answers: whoever starts it is to try again. */
  @Test
  void aNameToListenAtThatIsNotKnownYetIsNoMistakeOfTheConfiguration() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("journal.conf"),
            "egress.listen = \"inet:2525@unknown.invalid\"\negress.clients = [\"192.0.2.0/24\"]\nstore.url = \"jdbc:sqlite:"
                + directory.resolve("journal.db")
                + "\"\n");

    Command.Result start =
        Command.run(
            Program.built().command("run", "--config", file.toString()).toArray(new String[0]));

    assertEquals(3, start.exitCode(), start.output());
  }

  @Test
  void onAFullDiskItDoesNotStartAndSaysWhy() throws Exception {
    try (JournalDisk disk = JournalDisk.make()) {
      assumeTrue(disk.kind() != JournalDisk.Kind.DIRECTORY, "no file system can be mounted");
      Path journal = disk.directory().resolve("journal.db");
      start("umask 022", journal);
      Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("FIRST"));
      daemon.destroy();
      assertTrue(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      disk.fill();

      start("umask 022", journal);

      assertTrue(daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), said());
      assertEquals(3, daemon.exitValue(), said());
      assertTrue(said().contains("No space left") || said().contains("disk is full"), said());
      assertTrue(said().contains("make room"), said());
      assertFalse(said().contains("should not have"), said());
      disk.free();
      start("umask 022", journal);
      Awaitility.await().atMost(PATIENCE).until(() -> takesMessage("SECOND"));
      daemon.destroyForcibly().waitFor();
    }
  }
}
