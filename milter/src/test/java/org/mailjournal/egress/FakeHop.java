package org.mailjournal.egress;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * A next hop that says what it was told to say. An item of its script is a whole reply with its
 * line ends; {@link #CLOSE} closes the connection instead, {@link #SILENCE} says nothing.
 */
final class FakeHop implements Closeable {
  static final String CLOSE = "close";
  static final String SILENCE = "silence";

  /** In front of a reply: not until {@link #goOn()}. */
  static final String LATE = "late ";

  final CountDownLatch late = new CountDownLatch(1);

  private final Map<String, Queue<String>> script = new ConcurrentHashMap<>();
  final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  final List<String> commands = new CopyOnWriteArrayList<>();
  final List<byte[]> contents = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Closeable listener;
  private final int port;
  volatile String offers = "PIPELINING\r\nSIZE\r\n8BITMIME\r\nSMTPUTF8";
  volatile SSLContext tls;
  volatile boolean deaf;
  volatile boolean lmtp;
  volatile boolean keepContents = true;
  volatile Duration pause = Duration.ZERO;

  private FakeHop(Closeable listener, int port) {
    this.listener = listener;
    this.port = port;
  }

  static FakeHop start() throws IOException {
    return start("127.0.0.1", 0);
  }

  static FakeHop start(String address, int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    FakeHop hop = new FakeHop(server, server.getLocalPort());
    hop.accepting(
        () -> {
          Socket socket = server.accept();
          socket.setTcpNoDelay(true);
          return new FakeHopConnection(
              hop, socket, socket, socket.getInputStream(), socket.getOutputStream());
        });
    return hop;
  }

  static FakeHop start(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    FakeHop hop = new FakeHop(server, 0);
    hop.accepting(
        () -> {
          SocketChannel channel = server.accept();
          return new FakeHopConnection(
              hop,
              channel,
              null,
              Channels.newInputStream(channel),
              Channels.newOutputStream(channel));
        });
    return hop;
  }

  private interface Accept {
    FakeHopConnection next() throws IOException;
  }

  private void accepting(Accept accept) {
    daemon(
        () -> {
          try {
            while (true) {
              FakeHopConnection connection = accept.next();
              connections.incrementAndGet();
              daemon(connection);
            }
          } catch (IOException closed) {
            return;
          }
        });
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake-hop");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Replies, in turn, to commands that begin so; also {@code greeting}, {@code content}, and {@code
   * early}, to the first octet of a content.
   */
  FakeHop says(String command, String... replies) {
    script.computeIfAbsent(command, c -> new ConcurrentLinkedQueue<>()).addAll(List.of(replies));
    return this;
  }

  void goOn() {
    late.countDown();
  }

  FakeHop offers(String... keywords) {
    offers = String.join("\r\n", keywords);
    return this;
  }

  FakeHop withTls(SSLContext context) {
    tls = context;
    return offers("PIPELINING", "STARTTLS", "AUTH PLAIN LOGIN");
  }

  FakeHop readsNoContent() {
    deaf = true;
    return this;
  }

  /** In front of each reply. */
  FakeHop pauses(Duration time) {
    pause = time;
    return this;
  }

  FakeHop speaksLmtp() {
    lmtp = true;
    return this;
  }

  FakeHop forgetsContents() {
    keepContents = false;
    return this;
  }

  int port() {
    return port;
  }

  int connections() {
    return connections.get();
  }

  boolean isConnected() {
    return !open.isEmpty();
  }

  List<String> commands() {
    return List.copyOf(commands);
  }

  /** Contents that came with an end of data, as they stood on the wire. */
  List<byte[]> contents() {
    return List.copyOf(contents);
  }

  @Override
  public void close() throws IOException {
    late.countDown();
    listener.close();
    for (Closeable connection : open) {
      connection.close();
    }
  }

  /** What its script has for a command, or else the usual. */
  String next(String command, String usual) {
    for (Map.Entry<String, Queue<String>> entry : script.entrySet()) {
      if (command.toUpperCase(Locale.ROOT).startsWith(entry.getKey().toUpperCase(Locale.ROOT))) {
        String reply = entry.getValue().poll();
        return reply == null ? usual : reply;
      }
    }
    return usual;
  }
}
