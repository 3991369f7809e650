package org.mailjournal.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Somebody behind a socket of the daemon's. To a negotiation he answers as a milter, to a
 * connection without a question with the tap's greeting; or, as a process that hangs, not at all.
 */
final class SpokenTo implements Closeable {
  private static final byte[] GREETING =
      "protocol\0delivery_status_protocol\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int OPTNEG = 17;

  private final ServerSocketChannel channel;
  private volatile boolean hangs;

  SpokenTo(ServerSocketChannel channel, SocketAddress place) throws IOException {
    this.channel = channel;
    channel.bind(place);
    Thread thread = new Thread(this::serve, "spoken-to");
    thread.setDaemon(true);
    thread.start();
  }

  SocketAddress place() throws IOException {
    return channel.getLocalAddress();
  }

  void hang() {
    hangs = true;
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel peer = channel.accept();
        if (!hangs) {
          answer(peer);
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void answer(SocketChannel peer) {
    try (peer) {
      InputStream in = Channels.newInputStream(peer);
      OutputStream out = Channels.newOutputStream(peer);
      byte[] offer = in.readNBytes(OPTNEG);
      out.write(offer.length == 0 ? GREETING : offer);
      in.readAllBytes();
    } catch (IOException gone) {
      // As somebody who asks no more.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
