package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that show a milter one message after the other, each on a connection of its own. */
final class MilterLoad {
  /** Of a message, if nothing else is said. */
  static final int OCTETS = 4000;

  private static final String LINE =
      "A line of an ordinary letter, as long as such lines are, is this.\r\n";

  private final SocketAddress milter;
  private final AtomicLong ids;
  private final String content;
  private final Accepted accepted;
  private final boolean local;

  /** What comes behind a message that the milter accepted, before the client's next. */
  @FunctionalInterface
  interface Accepted {
    void message(MilterMessage message) throws IOException;
  }

  /** The first queue id: none may come again to a journal that knows it. */
  MilterLoad(SocketAddress milter, AtomicLong ids) {
    this(milter, ids, content(OCTETS), message -> {}, false);
  }

  private MilterLoad(
      SocketAddress milter, AtomicLong ids, String content, Accepted accepted, boolean local) {
    this.milter = milter;
    this.ids = ids;
    this.content = content;
    this.accepted = accepted;
    this.local = local;
  }

  /** The same with messages of about so many octets. */
  MilterLoad ofSize(int octets) {
    return new MilterLoad(milter, ids, content(octets), accepted, local);
  }

  /** The same, and whom to tell of each message. */
  MilterLoad telling(Accepted told) {
    return new MilterLoad(milter, ids, content, told, local);
  }

  /** Of a sendmail whose own mailer delivers everything: no more is to be told of it. */
  static MilterLoad ofLocalMail(SocketAddress milter, AtomicLong ids) {
    return new MilterLoad(milter, ids, content(OCTETS), message -> {}, true);
  }

  /**
   * What came of one run.
   *
   * @param waited for each message, how long the MTA waited at its end
   */
  record Result(double perSecond, Times waited) {}

  private static String content(int octets) {
    String head =
        """
        Received: from client.example.net (client.example.net [198.51.100.7])
          by mail.example.org (Postfix) with ESMTPS id 51E02514002
          for <bob@example.com>; Tue, 24 Nov 2026 05:34:39 +0000 (UTC)
        From: Alice <alice@example.net>
        To: Bob <bob@example.com>
        Subject: The figures for November
        Date: Tue, 24 Nov 2026 05:34:38 +0000
        Message-ID: <4B618D6A.2070804.%s@example.net>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        """
            .replace("\n", "\r\n");
    return head + LINE.repeat(Math.max(1, (octets - head.length()) / LINE.length()));
  }

  /** Sends on so many connections for so long, as much as the milter takes. */
  Result run(int connections, Duration time) throws IOException, InterruptedException {
    return run(connections, time, Duration.ZERO);
  }

  /** Sends on so many connections for so long, on each of them one message in every interval. */
  Result run(int connections, Duration time, Duration interval)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<MilterClient> clients = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        clients.add(connect());
      }
      long start = System.nanoTime();
      long end = start + time.toNanos();
      List<Future<Times>> running = new ArrayList<>();
      for (MilterClient client : clients) {
        // Spread over the interval, as clients that know nothing of each other are.
        long first = start + interval.toNanos() * running.size() / connections;
        running.add(threads.submit(() -> send(client, first, interval.toNanos(), end)));
      }
      List<Times> results = new ArrayList<>();
      for (Future<Times> future : running) {
        results.add(future.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Times all = Times.of(results);
      return new Result(all.count() / seconds, all);
    } catch (ExecutionException e) {
      throw new IOException("a client of the milter failed", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private MilterClient connect() throws IOException {
    MilterClient client = MilterClient.open(milter, Habit.POSTFIX, MilterClient.OFFER_6);
    client.define("j", "mail.example.org").define("v", "Postfix 3.7.11");
    client.define("{daemon_name}", "mail.example.org").define("_", "localhost [127.0.0.1]");
    if (local) {
      client.define("v", "8.17.1.9").define("{rcpt_mailer}", "local");
    }
    client.connection("client.example.net", MilterClient.Family.INET, "198.51.100.7", 40_000);
    client.helo("client.example.net");
    return client;
  }

  private Times send(MilterClient client, long first, long interval, long end) throws IOException {
    Times waited = new Times();
    long due = first;
    while (System.nanoTime() < end) {
      // A client that is late makes up for it: what is asked for is a number of messages.
      LockSupport.parkNanos(due - System.nanoTime());
      due += interval;
      MilterMessage message = next();
      MilterMessage.Result result = message.run(client);
      if (result.verdict().refuses()) {
        throw new IOException("a message was refused: " + result.verdict());
      }
      waited.add(result.endNanos());
      accepted.message(message);
    }
    client.quit();
    client.close();
    return waited;
  }

  private MilterMessage next() {
    String id = "%010X".formatted(ids.incrementAndGet());
    return MilterMessage.of(
        id,
        "<alice@example.net>",
        content.replace("%s", id),
        "<bob." + id.substring(6) + "@example.com> NOTIFY=sUCCESS,FAILURE,dELAY");
  }
}
