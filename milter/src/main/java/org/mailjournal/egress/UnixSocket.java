package org.mailjournal.egress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A unix socket's connection as a {@link Socket}. The JDK gives unix sockets as channels only, and
 * those have no read timeout, so a selector waits.
 */
final class UnixSocket extends Socket {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  /** What was read to see whether there was something. */
  private final ByteBuffer ahead = ByteBuffer.allocate(1).limit(0);

  private volatile int timeout;

  UnixSocket(SocketChannel channel) throws IOException {
    super();
    this.channel = channel;
    channel.configureBlocking(false);
    this.selector = Selector.open();
    this.key = channel.register(selector, SelectionKey.OP_READ);
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
        if (length > 0 && ahead.hasRemaining()) {
          buffer.put(ahead.get());
          channel.read(buffer);
          return buffer.position() - from;
        }
        int count = channel.read(buffer);
        while (count == 0 && length > 0) {
          await(SelectionKey.OP_READ);
          count = channel.read(buffer);
        }
        return count;
      }

      /** A channel does not say whether there is something to read; it must be read. */
      @Override
      public int available() throws IOException {
        if (!ahead.hasRemaining()) {
          channel.read(ahead.clear());
          ahead.flip();
        }
        return ahead.remaining();
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
        while (buffer.hasRemaining()) {
          if (channel.write(buffer) == 0) {
            await(SelectionKey.OP_WRITE);
          }
        }
      }
    };
  }

  private void await(int operation) throws IOException {
    int ready;
    try {
      key.interestOps(operation);
      selector.selectedKeys().clear();
      ready = selector.select(timeout);
    } catch (ClosedSelectorException | CancelledKeyException closed) {
      throw new IOException("the socket is closed", closed);
    }
    if (ready == 0 && channel.isOpen()) {
      throw new SocketTimeoutException("nothing for " + timeout + " ms");
    }
  }

  @Override
  public synchronized void setSoTimeout(int milliseconds) {
    timeout = milliseconds;
  }

  @Override
  public void setTcpNoDelay(boolean ignored) {}

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return UnixListener.here();
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getPort() {
    return 0;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
    selector.close();
  }
}
