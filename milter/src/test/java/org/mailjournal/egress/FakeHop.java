package org.mailjournal.egress;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
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
import javax.net.ssl.SSLSocket;

/**
 * A next hop that says what it was told to say. An item of its script is a whole reply with its
 * line ends; {@link #CLOSE} closes the connection instead, {@link #SILENCE} says nothing.
 */
final class FakeHop implements Closeable {
  static final String CLOSE = "close";
  static final String SILENCE = "silence";

  /** In front of a reply: not until {@link #goOn()}. */
  static final String LATE = "late ";

  private final CountDownLatch late = new CountDownLatch(1);

  private final Map<String, Queue<String>> script = new ConcurrentHashMap<>();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<byte[]> contents = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Closeable listener;
  private final int port;
  private volatile String offers = "PIPELINING\r\nSIZE\r\n8BITMIME\r\nSMTPUTF8";
  private volatile SSLContext tls;
  private volatile boolean deaf;
  private volatile boolean lmtp;
  private volatile boolean keepContents = true;
  private volatile Duration pause = Duration.ZERO;

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
          return hop
          .new Connection(socket, socket, socket.getInputStream(), socket.getOutputStream());
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
          return hop
          .new Connection(
              channel, null, Channels.newInputStream(channel), Channels.newOutputStream(channel));
        });
    return hop;
  }

  private interface Accept {
    Connection next() throws IOException;
  }

  private void accepting(Accept accept) {
    daemon(
        () -> {
          try {
            while (true) {
              Connection connection = accept.next();
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

  private String next(String command, String usual) {
    for (Map.Entry<String, Queue<String>> entry : script.entrySet()) {
      if (command.toUpperCase(Locale.ROOT).startsWith(entry.getKey().toUpperCase(Locale.ROOT))) {
        String reply = entry.getValue().poll();
        return reply == null ? usual : reply;
      }
    }
    return usual;
  }

  private final class Connection implements Runnable {
    private final Closeable raw;
    private final Socket socket;
    private InputStream in;
    private OutputStream out;
    private int accepted;

    private Connection(Closeable raw, Socket socket, InputStream in, OutputStream out) {
      this.raw = raw;
      this.socket = socket;
      this.in = new BufferedInputStream(in, 64 * 1024);
      this.out = out;
      open.add(raw);
    }

    @Override
    public void run() {
      try (raw) {
        boolean more = say(next("greeting", "220 hop.example ESMTP\r\n"));
        while (more) {
          String line = line();
          if (line == null) {
            return;
          }
          commands.add(line);
          more = answer(line);
        }
      } catch (IOException gone) {
        return;
      } finally {
        open.remove(raw);
      }
    }

    private boolean answer(String line) throws IOException {
      String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      return switch (verb) {
        case "EHLO", "LHLO" -> say(next(verb, ehlo()));
        case "STARTTLS" -> startTls();
        case "RCPT" -> recipient(next(line, "250 2.1.5 Ok\r\n"));
        case "RSET", "MAIL" -> {
          accepted = 0;
          yield say(next(line, "250 2.0.0 Ok\r\n"));
        }
        case "DATA" -> data(next("DATA", "354 go\r\n"));
        case "AUTH" -> say(next(line, "235 2.7.0 welcome\r\n"));
        case "QUIT" -> {
          say("221 2.0.0 bye\r\n");
          yield false;
        }
        default -> say(next(line, "250 2.0.0 Ok\r\n"));
      };
    }

    private String ehlo() {
      return "250-hop.example\r\n250-" + offers.replace("\r\n", "\r\n250-") + "\r\n250 HELP\r\n";
    }

    private boolean recipient(String reply) throws IOException {
      accepted += reply.startsWith("2") ? 1 : 0;
      return say(reply);
    }

    private boolean startTls() throws IOException {
      if (!say(next("STARTTLS", "220 2.0.0 go\r\n"))) {
        return false;
      }
      if (tls != null) {
        SSLSocket secure =
            (SSLSocket) tls.getSocketFactory().createSocket(socket, null, port, false);
        secure.setUseClientMode(false);
        secure.startHandshake();
        in = new BufferedInputStream(secure.getInputStream());
        out = secure.getOutputStream();
        offers = offers.replace("\r\nSTARTTLS", "");
      }
      return true;
    }

    private boolean data(String reply) throws IOException {
      if (!say(reply) || !reply.replace(LATE, "").startsWith("354")) {
        return !reply.equals(CLOSE);
      }
      if (deaf) {
        waitForGoOn();
      }
      String early = next("early", "");
      if (!early.isEmpty()) {
        in.mark(1);
        in.read();
        in.reset();
        say(early);
        commands.add("early");
      }
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      if (!readContent(content)) {
        return false;
      }
      contents.add(content.toByteArray());
      boolean more = true;
      for (int i = 0; more && i < (lmtp ? accepted : 1); i++) {
        more = say(next("content", "250 2.0.0 Ok: queued as " + contents.size() + "\r\n"));
      }
      return more;
    }

    private boolean readContent(ByteArrayOutputStream content) throws IOException {
      if (!keepContents) {
        return skipContent();
      }
      int last = 0x0d0a;
      int octet;
      while ((octet = in.read()) >= 0) {
        content.write(octet);
        // CR LF . CR LF, seen through a window of five bytes.
        window = (window << 8 | octet) & 0xffffffffffL;
        if (window == 0x0d0a2e0d0aL) {
          window = last;
          return true;
        }
      }
      return false;
    }

    /** In blocks; nothing may follow it before it is answered. */
    private boolean skipContent() throws IOException {
      byte[] block = new byte[64 * 1024];
      int length;
      while ((length = in.read(block)) >= 0) {
        for (int i = Math.max(0, length - 5); i < length; i++) {
          window = (window << 8 | block[i]) & 0xffffffffffL;
        }
        if (window == 0x0d0a2e0d0aL) {
          window = 0x0d0a;
          return true;
        }
      }
      return false;
    }

    private long window = 0x0d0a;

    private boolean say(String reply) throws IOException {
      if (reply.equals(CLOSE)) {
        return false;
      }
      if (reply.equals(SILENCE)) {
        return in.read() >= 0 && say(SILENCE);
      }
      if (reply.startsWith(LATE)) {
        waitForGoOn();
        return say(reply.substring(LATE.length()));
      }
      sleep(pause);
      out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return true;
    }

    private void sleep(Duration time) throws IOException {
      try {
        Thread.sleep(time.toMillis());
      } catch (InterruptedException never) {
        throw new IOException(never);
      }
    }

    private void waitForGoOn() throws IOException {
      try {
        late.await();
      } catch (InterruptedException never) {
        throw new IOException(never);
      }
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int octet;
      while ((octet = in.read()) >= 0) {
        if (octet == '\n') {
          String text = line.toString(StandardCharsets.UTF_8);
          return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
        line.write(octet);
      }
      return null;
    }
  }
}
