package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A small service at a UNIX socket that everybody may use, with a thread for each client. */
final class UnixServer implements AutoCloseable {
  /** What is done for one client; it may leave as it likes. */
  @FunctionalInterface
  interface Session {
    void serve(SocketChannel client) throws IOException;
  }

  private final ServerSocketChannel listener;

  UnixServer(Path socket, Session session) {
    try {
      listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Threads.daemon(() -> accept(session)).start();
  }

  private void accept(Session session) {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        Threads.daemon(() -> serve(session, client)).start();
      }
    } catch (IOException closed) {
      // The end.
    }
  }

  private static void serve(Session session, SocketChannel client) {
    try (client) {
      session.serve(client);
    } catch (IOException clientGone) {
      // It closes as it likes.
    }
  }

  static void send(SocketChannel client, byte[] octets) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(octets);
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
