package org.mailjournal.receipt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes mail over SMTP and answers a command as it was told to. */
final class SubmissionServer implements AutoCloseable {
  /** The answer that is none: the connection is cut. */
  static final String CUT = "";

  private final ServerSocket server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();

  SubmissionServer() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "submission-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on; the command {@code .} is the end of the content. */
  SubmissionServer answer(String command, String reply) {
    answers.put(command, reply);
    return this;
  }

  List<String> commands() {
    return commands;
  }

  /** The contents that were read to their end, whatever was answered. */
  List<String> messages() {
    return messages;
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        converse(client);
      } catch (IOException gone) {
        // The next one, or the end.
      }
    }
  }

  private void converse(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    say(client, "220 submission.test");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      commands.add(line);
      String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      String usual = verb.equals("DATA") ? "354 go on" : "250 2.0.0 Ok";
      String reply = answers.getOrDefault(verb, usual);
      if (reply.equals(CUT)) {
        return;
      }
      say(client, reply);
      if (reply.startsWith("354")) {
        messages.add(content(in));
        String end = answers.getOrDefault(".", "250 2.0.0 Ok: queued as 4R7");
        if (end.equals(CUT)) {
          return;
        }
        say(client, end);
      }
    }
  }

  private static String content(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    return text.toString();
  }

  private static void say(Socket client, String reply) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
