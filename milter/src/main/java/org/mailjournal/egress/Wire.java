package org.mailjournal.egress;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** A connection to a next hop: lines out, replies in, every step within its time. */
final class Wire implements Closeable {
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /** RFC 5321 section 4.2.3. */
  private static final int CLOSING = 221;

  private final Closeable raw;
  private final String peer;
  private final Watchdog.Guard guard;
  private OutputStream out;
  private ReplyReader replies;
  private SSLSocket tls;

  private Wire(Closeable raw, InputStream in, OutputStream out, String peer, Watchdog watchdog) {
    this.raw = raw;
    this.peer = peer;
    this.guard = watchdog.guard(raw);
    use(in, out);
  }

  static Wire of(Socket socket, String peer, Watchdog watchdog) throws IOException {
    return new Wire(socket, socket.getInputStream(), socket.getOutputStream(), peer, watchdog);
  }

  static Wire of(SocketChannel channel, String peer, Watchdog watchdog) {
    return new Wire(
        channel,
        Channels.newInputStream(channel),
        Channels.newOutputStream(channel),
        peer,
        watchdog);
  }

  private void use(InputStream in, OutputStream stream) {
    out = new BufferedOutputStream(stream, 8192);
    replies = new ReplyReader(new LineReader(in, ReplyReader.LONGEST_LINE));
  }

  String peer() {
    return peer;
  }

  /** Puts a command in front of those that go with the next flush. */
  void say(String stage, String command) throws HopException {
    byte[] line = (command + "\r\n").getBytes(StandardCharsets.UTF_8);
    content(stage, line, 0, line.length, FAREWELL.multipliedBy(60));
  }

  /** Sends bytes as they are, within the time. */
  void content(String stage, byte[] bytes, int from, int length, Duration limit)
      throws HopException {
    within(
        stage,
        limit,
        () -> {
          out.write(bytes, from, length);
          return null;
        });
  }

  /** Sends what was put, and reads one reply. */
  Answer reply(String stage, Duration limit) throws HopException {
    return within(
        stage,
        limit,
        () -> {
          out.flush();
          return replies.read();
        });
  }

  /** A reply that is there although nobody asked, for example in front of a closed connection. */
  Answer lastWords(String stage) throws HopException {
    return within(stage, FAREWELL, replies::read);
  }

  /** Whether it has said more than it was asked, as far as that can be seen: not inside TLS. */
  boolean hasUnread() {
    return replies.hasUnread();
  }

  /** Sends a command and reads its reply. */
  Answer ask(String stage, String command, Duration limit) throws HopException {
    say(stage, command);
    return reply(stage, limit);
  }

  /**
   * Continues inside TLS. What the peer sent in clear behind its reply to STARTTLS is not believed
   * (an attacker can put it there, CVE-2011-0411).
   */
  void startTls(TlsClient client, String host, boolean verified, Duration limit)
      throws HopException {
    if (replies.hasUnread()) {
      throw HopException.garbage("STARTTLS", peer, "words behind the reply to STARTTLS");
    }
    tls = within("TLS", limit, () -> handshake(client, host, verified));
    try {
      use(tls.getInputStream(), tls.getOutputStream());
    } catch (IOException closed) {
      throw HopException.broken("TLS", peer, String.valueOf(closed.getMessage()), closed);
    }
  }

  /**
   * The JDK may throw anything at a name or certificate that a stranger made; that is the end of
   * this connection, and not of our client's session.
   */
  private SSLSocket handshake(TlsClient client, String host, boolean verified) throws IOException {
    try {
      return client.handshake((Socket) raw, host, verified);
    } catch (RuntimeException unexpected) {
      throw new IOException(unexpected.toString(), unexpected);
    }
  }

  /** Protocol and cipher; empty in clear. */
  Optional<String> tls() {
    return Optional.ofNullable(tls).map(t -> TlsClient.describe(t.getSession()));
  }

  /** Says goodbye; whether the peer hears it does not matter. */
  void quit() {
    try {
      Answer answer = ask("QUIT", "QUIT", FAREWELL);
      if (answer.code() != CLOSING) {
        // To a RSET that nobody waited for. A peer that is left before its goodbye may log an
        // error.
        reply("QUIT", FAREWELL);
      }
    } catch (HopException goneAlready) {
      // It need not answer.
    }
    close();
  }

  @Override
  public void close() {
    guard.close();
    try {
      raw.close();
    } catch (IOException closedEnough) {
      // Nothing depends on it.
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T within(String stage, Duration limit, Step<T> step) throws HopException {
    guard.arm(limit);
    try {
      return step.run();
    } catch (LineReader.BadLineException garbage) {
      throw HopException.garbage(stage, peer, garbage.getMessage());
    } catch (IOException broken) {
      String problem =
          guard.hasFired()
              ? "nothing for " + limit.toSeconds() + " s"
              : String.valueOf(broken.getMessage());
      throw HopException.broken(stage, peer, problem, broken);
    } finally {
      guard.disarm();
    }
  }
}
