package org.mailjournal.relaytest;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The side of saslauthd(8) that Cyrus SASL asks, and so sendmail: login, password, service and
 * realm, each with its length in two octets before it, and so the answer (ipc_unix.c of Cyrus SASL
 * 2.1). Saves the tests a database of passwords.
 */
final class SaslAuthDaemon implements AutoCloseable {
  private final Map<String, String> passwords;
  private final UnixServer server;

  SaslAuthDaemon(Path socket, Map<String, String> passwords) {
    this.passwords = Map.copyOf(passwords);
    this.server = new UnixServer(socket, this::serve);
  }

  private void serve(SocketChannel client) throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(client));
    String login = text(in);
    String password = text(in);
    String service = text(in);
    String realm = text(in);
    boolean good =
        service.equals("smtp") && realm.isEmpty() && password.equals(passwords.get(login));
    UnixServer.send(client, new byte[] {0, 2});
    UnixServer.send(client, (good ? "OK" : "NO").getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
