package org.mailjournal.relaytest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;

/**
 * The server's side of Dovecot's authentication protocol 1.0, as far as Postfix needs it for PLAIN
 * with an initial response. Saves the tests a Dovecot.
 */
final class SaslServer implements AutoCloseable {
  private final Map<String, String> passwords;
  private final ServerSocketChannel listener;

  SaslServer(Path socket, Map<String, String> passwords) {
    this.passwords = Map.copyOf(passwords);
    try {
      listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startThread(this::accept);
  }

  private static void startThread(Runnable work) {
    Thread thread = new Thread(work, "sasl");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        startThread(() -> serve(client));
      }
    } catch (IOException closed) {
      // The end.
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        BufferedReader in =
            new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
      say(client, "VERSION\t1\t0\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nDONE\n");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split("\t", -1);
        if (words[0].equals("AUTH")) {
          say(client, answer(words));
        }
      }
    } catch (IOException clientGone) {
      // smtpd closes as it likes.
    }
  }

  private String answer(String[] words) {
    String last = words[words.length - 1];
    String id = words[1];
    if (!last.startsWith("resp=")) {
      return "FAIL\t" + id + "\treason=initial response needed\n";
    }
    byte[] plain = Base64.getDecoder().decode(last.substring("resp=".length()));
    // RFC 4616: authorization identity NUL authentication identity NUL password
    String[] parts = new String(plain, StandardCharsets.UTF_8).split("\0", -1);
    return parts.length == 3 && parts[2].equals(passwords.get(parts[1]))
        ? "OK\t" + id + "\tuser=" + parts[1] + "\n"
        : "FAIL\t" + id + "\treason=wrong\n";
  }

  private static void say(SocketChannel client, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
