package org.mailjournal.relaytest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** MTAs that hand one message after the other to a relay, or to a sink, each on a connection. */
final class RelayLoad {
  /** What the relay takes for its own MTA's name. */
  static final String MTA = "mail.example.org";

  private static final int LENGTH = 4096;
  private static final String LINE = "A line of an ordinary letter, as long as such lines are.\r\n";
  private static final AtomicLong IDS = new AtomicLong(System.nanoTime());

  private final InetSocketAddress address;

  RelayLoad(InetSocketAddress address) {
    this.address = address;
  }

  /**
   * What came of one run.
   *
   * @param took for each message, from MAIL to the final reply
   */
  record Result(double perSecond, Times took) {}

  /** Sends on so many connections for so long. */
  Result run(int connections, Duration time) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      long start = System.nanoTime();
      long end = start + time.toNanos();
      List<Future<Times>> running = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        running.add(threads.submit(() -> send(end)));
      }
      List<Times> results = new ArrayList<>();
      for (Future<Times> future : running) {
        results.add(future.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Times all = Times.of(results);
      return new Result(all.count() / seconds, all);
    } catch (ExecutionException e) {
      throw new IOException("a client failed", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Times send(long end) throws IOException {
    Times took = new Times();
    try (Client client = new Client(address)) {
      while (System.nanoTime() < end) {
        long before = System.nanoTime();
        client.transaction();
        took.add(System.nanoTime() - before);
      }
    }
    return took;
  }

  /** One message of so many bytes, in pieces. */
  void big(long bytes) throws IOException {
    try (Client client = new Client(address)) {
      client.open();
      client.out.write(head(IDS.incrementAndGet()));
      byte[] piece = LINE.repeat(1000).getBytes(StandardCharsets.US_ASCII);
      for (long sent = 0; sent < bytes; sent += piece.length) {
        client.out.write(piece);
      }
      client.end();
    }
  }

  /** A connection that has greeted and says nothing more. */
  Closeable idle() throws IOException {
    return new Client(address);
  }

  private static byte[] head(long number) {
    String id = Long.toString(number, 36).toUpperCase(Locale.ROOT);
    return ("Received: from client.example.net (client.example.net [198.51.100.7])\r\n"
            + "\tby "
            + MTA
            + " (8.17.1/8.17.1) with ESMTP id "
            + id
            + ";\r\n\tTue, 24 Nov 2026 05:34:39 GMT\r\nMessage-ID: <"
            + id
            + "@example.net>\r\nSubject: The figures for November\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** SMTP with pipelining, as MTAs speak it. */
  private static final class Client implements Closeable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Client(InetSocketAddress address) throws IOException {
      socket = new Socket(address.getAddress(), address.getPort());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
      reply("220");
      say("EHLO " + MTA + "\r\n");
      reply("250");
    }

    private void transaction() throws IOException {
      open();
      ByteArrayOutputStream content = new ByteArrayOutputStream(LENGTH + 100);
      content.writeBytes(head(IDS.incrementAndGet()));
      while (content.size() < LENGTH) {
        content.writeBytes(LINE.getBytes(StandardCharsets.US_ASCII));
      }
      content.writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(content.toByteArray());
      reply("250");
    }

    private void open() throws IOException {
      say("MAIL FROM:<alice@example.net>\r\nRCPT TO:<bob@sink.test>\r\nDATA\r\n");
      reply("250");
      reply("250");
      reply("354");
    }

    private void end() throws IOException {
      say(".\r\n");
      reply("250");
    }

    private void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void reply(String code) throws IOException {
      String line;
      do {
        line = line();
      } while (line.startsWith("-", 3));
      if (!line.startsWith(code)) {
        throw new IOException("expected " + code + ", got " + line);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      int octet;
      while ((octet = in.read()) != '\n') {
        if (octet < 0) {
          throw new EOFException("the connection was closed");
        }
        line.append((char) octet);
      }
      return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
