package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Milter packets over a blocking socket: a length of four bytes, a command, the rest. Packets are
 * collected and leave together before the next reply is read, as Postfix's streams do it.
 */
final class MilterWire implements Closeable {
  /** One packet. */
  record Packet(char command, ByteBuffer payload) {}

  private static final int LONGEST = 64 * 1024 * 1024;
  private static final int FULL = 256 * 1024;

  private final SocketChannel channel;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream(4096);
  private ByteBuffer input = ByteBuffer.allocate(4096).flip();

  private MilterWire(SocketChannel channel) {
    this.channel = channel;
  }

  static MilterWire open(SocketAddress address) throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      channel.connect(address);
      if (!unix) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return new MilterWire(channel);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  /** {@code inet:PORT@HOST}, {@code inet:HOST:PORT}, {@code unix:PATH} or {@code local:PATH}. */
  static SocketAddress address(String endpoint) {
    int colon = endpoint.indexOf(':');
    String where = endpoint.substring(colon + 1);
    return switch (endpoint.substring(0, Math.max(colon, 0))) {
      case "unix", "local" -> UnixDomainSocketAddress.of(where);
      case "inet", "inet6" -> inet(where);
      default ->
          throw new IllegalArgumentException(
              "milter endpoint: expected inet:PORT@HOST or unix:PATH, got " + endpoint);
    };
  }

  private static InetSocketAddress inet(String where) {
    int at = where.indexOf('@');
    int last = where.lastIndexOf(':');
    String host = at >= 0 ? where.substring(at + 1) : where.substring(0, last);
    String port = at >= 0 ? where.substring(0, at) : where.substring(last + 1);
    return new InetSocketAddress(host.replace("[", "").replace("]", ""), Integer.parseInt(port));
  }

  void put(char command, byte[] payload, int from, int length) throws IOException {
    int size = length + 1;
    pending.write(size >>> 24);
    pending.write(size >>> 16);
    pending.write(size >>> 8);
    pending.write(size);
    pending.write(command);
    pending.write(payload, from, length);
    if (pending.size() > FULL) {
      flush();
    }
  }

  /** Anything at all, well-formed or not. */
  void raw(byte[] bytes) throws IOException {
    pending.writeBytes(bytes);
    flush();
  }

  void flush() throws IOException {
    ByteBuffer out = ByteBuffer.wrap(pending.toByteArray());
    pending.reset();
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  Packet receive() throws IOException {
    flush();
    fill(4);
    int length = input.getInt();
    if (length < 1 || length > LONGEST) {
      throw new IOException("milter reply: expected a length from 1 to 64 MiB, got " + length);
    }
    fill(length);
    char command = (char) (input.get() & 0xff);
    byte[] payload = new byte[length - 1];
    input.get(payload);
    return new Packet(command, ByteBuffer.wrap(payload));
  }

  private void fill(int wanted) throws IOException {
    if (input.remaining() >= wanted) {
      return;
    }
    if (input.capacity() < wanted) {
      input = ByteBuffer.allocate(wanted).put(input).flip();
    }
    input.compact();
    while (input.position() < wanted) {
      if (channel.read(input) < 0) {
        input.flip();
        throw new EOFException("the milter closed the connection");
      }
    }
    input.flip();
  }

  /** The bytes up to the next NUL, or to the end. */
  static String string(ByteBuffer payload) {
    int end = payload.position();
    while (end < payload.limit() && payload.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - payload.position()];
    payload.get(bytes);
    if (payload.hasRemaining()) {
      payload.get();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
