package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A milter that notes every packet and answers what the test said, else CONTINUE. */
final class ScriptedMilter implements AutoCloseable {
  private final ServerSocket server;
  private final byte[] negotiation;
  private final int steps;
  private final Map<Character, byte[]> answers = new ConcurrentHashMap<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /**
   * @param negotiation the whole payload of its answer to OPTNEG
   */
  ScriptedMilter(int steps, byte... negotiation) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.steps = steps;
    this.negotiation = negotiation;
    Threads.daemon(this::accept).start();
  }

  static ScriptedMilter start() throws IOException {
    return negotiating(6, 0, 0, "");
  }

  /** One that negotiates so; the tail is what follows the three numbers. */
  static ScriptedMilter negotiating(int version, int actions, int steps, String tail)
      throws IOException {
    byte[] rest = tail.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer payload = ByteBuffer.allocate(12 + rest.length);
    payload.putInt(version).putInt(actions).putInt(steps).put(rest);
    return new ScriptedMilter(steps, payload.array());
  }

  /** Answers this command with these packets, each a letter and its payload. */
  ScriptedMilter on(char command, String... packets) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String packet : packets) {
      byte[] content = packet.getBytes(StandardCharsets.ISO_8859_1);
      bytes.writeBytes(new byte[] {0, 0, 0, (byte) content.length});
      bytes.writeBytes(content);
    }
    answers.put(command, bytes.toByteArray());
    return this;
  }

  String endpoint() {
    return "inet:" + server.getLocalPort() + "@127.0.0.1";
  }

  /** All packets, NUL shown as a bar, without OPTNEG; on all connections. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  String letters() {
    StringBuilder letters = new StringBuilder();
    seen.forEach(packet -> letters.append(packet.charAt(0)));
    return letters.toString();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Threads.daemon(() -> serve(socket)).start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] packet = in.readNBytes(in.readInt());
        if (packet.length == 0) {
          throw new EOFException("an empty packet");
        }
        char command = (char) packet[0];
        if (command == 'O') {
          out.writeInt(negotiation.length + 1);
          out.write('O');
          out.write(negotiation);
          continue;
        }
        seen.add(new String(packet, StandardCharsets.ISO_8859_1).replace('\0', '|'));
        if ("DAKQ".indexOf(command) < 0 && !MilterSteps.notAnswered(command, steps)) {
          out.write(answers.getOrDefault(command, new byte[] {0, 0, 0, 1, 'c'}));
        }
      }
    } catch (IOException gone) {
      seen.add("-");
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
