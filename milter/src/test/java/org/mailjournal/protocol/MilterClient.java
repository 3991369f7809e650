package org.mailjournal.protocol;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The MTA's side, byte by byte under the test's control. TCP_NODELAY is off, as MTAs have it. */
public final class MilterClient implements AutoCloseable {
  /** All that Postfix 3.7 offers. */
  public static final int ALL_STEPS = 0x1fffff;

  public static final int ALL_ACTIONS = 0x1ff;

  private final SocketChannel socket;
  private final boolean byteByByte;

  private MilterClient(SocketChannel socket, boolean byteByByte) {
    this.socket = socket;
    this.byteByByte = byteByByte;
  }

  public static MilterClient connect(Endpoint at) {
    return connect(at, false);
  }

  /** With every octet in a write of its own. */
  public static MilterClient connect(Endpoint at, boolean byteByByte) {
    try {
      if (at instanceof Endpoint.Unix unix) {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(unix.path()));
        return new MilterClient(socket, byteByByte);
      }
      Endpoint.Inet inet = (Endpoint.Inet) at;
      SocketChannel socket = SocketChannel.open(new InetSocketAddress(inet.host(), inet.port()));
      return new MilterClient(socket, byteByByte);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A connection on which all was agreed that the server wants. */
  public static MilterClient negotiated(Endpoint at) {
    MilterClient client = connect(at);
    client.negotiate(6, ALL_ACTIONS, ALL_STEPS);
    return client;
  }

  public Packet negotiate(int version, int actions, int steps) {
    return send('O', ints(version, actions, steps)).read();
  }

  public static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  /** Text as ISO 8859-1, so that every octet can be written. */
  public static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public MilterClient send(char letter, String content) {
    return send(letter, octets(content));
  }

  public MilterClient send(char letter, byte[] content) {
    return raw(packet(letter, content));
  }

  public static byte[] packet(char letter, byte[] content) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes)) {
      data.writeInt(1 + content.length);
      data.writeByte(letter);
      data.write(content);
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  public MilterClient macros(char stage, String... words) {
    return send('D', stage + String.join("\0", words) + "\0");
  }

  public MilterClient connectFrom(String hostName, char family, int port, String address) {
    return send(
        'C', hostName + "\0" + family + (char) (port >> 8) + (char) (port & 0xff) + address + "\0");
  }

  public MilterClient raw(byte[] bytes) {
    try {
      int step = byteByByte ? 1 : bytes.length;
      for (int from = 0; from < bytes.length; from += step) {
        ByteBuffer piece = ByteBuffer.wrap(bytes, from, step);
        while (piece.hasRemaining()) {
          socket.write(piece);
        }
      }
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The next packet; waits for it. */
  public Packet read() {
    int length = exactly(Integer.BYTES).getInt();
    ByteBuffer packet = exactly(length);
    char letter = (char) packet.get();
    byte[] content = new byte[packet.remaining()];
    packet.get(content);
    return new Packet(letter, new String(content, StandardCharsets.ISO_8859_1));
  }

  private ByteBuffer exactly(int length) {
    try {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining()) {
        if (socket.read(bytes) < 0) {
          throw new IllegalStateException("closed by the server");
        }
      }
      return bytes.flip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits until the server closes; false when it says something instead. */
  public boolean isClosedByServer() {
    try {
      return socket.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** One packet of the server. */
  public record Packet(char letter, String content) {
    public int number(int index) {
      return ByteBuffer.wrap(octets(content)).getInt(Integer.BYTES * index);
    }
  }
}
