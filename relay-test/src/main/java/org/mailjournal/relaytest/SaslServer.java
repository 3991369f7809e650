package org.mailjournal.relaytest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The server's side of Dovecot's authentication protocol 1.0, as far as Postfix needs it for PLAIN
 * with an initial response. Saves the tests a Dovecot.
 */
final class SaslServer implements AutoCloseable {
  private final Map<String, String> passwords;
  private final UnixServer server;

  SaslServer(Path socket, Map<String, String> passwords) {
    this.passwords = Map.copyOf(passwords);
    this.server = new UnixServer(socket, this::serve);
  }

  private void serve(SocketChannel client) throws IOException {
    BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
    say(client, "VERSION\t1\t0\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nDONE\n");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split("\t", -1);
      if (words[0].equals("AUTH")) {
        say(client, answer(words));
      }
    }
  }

  private String answer(String[] words) {
    String last = words[words.length - 1];
    String id = words[1];
    if (!last.startsWith("resp=")) {
      return "FAIL\t" + id + "\treason=initial response needed\n";
    }
    return Plain.user(last.substring("resp=".length()), passwords)
        .map(user -> "OK\t" + id + "\tuser=" + user + "\n")
        .orElse("FAIL\t" + id + "\treason=wrong\n");
  }

  private static void say(SocketChannel client, String text) throws IOException {
    UnixServer.send(client, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
