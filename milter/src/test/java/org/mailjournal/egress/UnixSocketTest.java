package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixSocketTest {
  @TempDir Path directory;

  @Test
  void whatWaitsIsSeenBeforeItIsReadAndNothingOfItIsLost() throws IOException {
    UnixDomainSocketAddress place = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server =
            ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(place);
        SocketChannel client = SocketChannel.open(place);
        UnixSocket socket = new UnixSocket(server.accept())) {
      InputStream in = socket.getInputStream();
      assertEquals(0, in.available());

      client.write(ByteBuffer.wrap("QUIT".getBytes(StandardCharsets.US_ASCII)));

      assertEquals(1, in.available());
      assertEquals(1, in.available());
      byte[] read = new byte[10];
      assertEquals(4, in.read(read, 3, 7));
      assertEquals("QUIT", new String(read, 3, 4, StandardCharsets.US_ASCII));
      client.shutdownOutput();
      assertEquals(0, in.available());
      assertEquals(-1, in.read());
    }
  }
}
