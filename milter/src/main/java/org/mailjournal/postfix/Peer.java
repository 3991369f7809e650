package org.mailjournal.postfix;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * One connection that speaks the attribute protocol. Reads and writes block; a connection on which
 * one takes too long is closed by the watchdog, which ends it with an {@link IOException}.
 */
final class Peer implements Closeable {
  private final SocketChannel channel;
  private final Watchdog watchdog;
  private final ByteBuffer buffer = ByteBuffer.allocate(4096).limit(0);

  Peer(SocketChannel channel, Watchdog watchdog) {
    this.channel = channel;
    this.watchdog = watchdog;
  }

  /** The next list; empty when the other side closed the connection without having begun one. */
  Optional<AttributeList> read(Duration limit) throws IOException {
    return watchdog.within(limit, channel, this::read);
  }

  private Optional<AttributeList> read() throws IOException {
    AttributeReader reader = new AttributeReader();
    Optional<AttributeList> list = Optional.empty();
    while (list.isEmpty()) {
      if (!buffer.hasRemaining() && !fill()) {
        if (reader.isUntouched()) {
          return Optional.empty();
        }
        throw new EOFException("attribute protocol: expected an end, got a closed connection");
      }
      list = reader.feed(buffer.get());
    }
    return list;
  }

  void write(AttributeList list, Duration limit) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(list.wire());
    while (bytes.hasRemaining()) {
      watchdog.within(limit, channel, () -> channel.write(bytes));
    }
  }

  private boolean fill() throws IOException {
    buffer.clear();
    int read = channel.read(buffer);
    buffer.flip();
    return read > 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
