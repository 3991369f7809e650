package org.mailjournal.cli;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.mailjournal.config.Config.Listen;
import org.mailjournal.receipt.FileWords;

/**
 * Speaks to a socket as the MTA would, and waits for the answer in bounded time. A connection alone
 * proves nothing: the kernel makes it in the name of a program that hangs.
 */
final class Probe implements Closeable {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** EAGAIN. */
  private static final String AGAIN = "Resource temporarily unavailable";

  private static final long PAUSE_MILLISECONDS = 50;

  /**
   * An option negotiation (SMFIC_OPTNEG) of version 6 that offers all actions and steps, so that no
   * milter lacks anything.
   */
  private static final byte[] OPTNEG = {
    0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, (byte) 0xff, 0, 0x1f, (byte) 0xff, (byte) 0xff
  };

  private static final byte[] MILTER_QUIT = {0, 0, 0, 1, 'Q'};
  private static final byte[] SMTP_QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);

  private final long end = System.nanoTime() + PATIENCE.toNanos();
  private final Selector selector = Selector.open();
  private SocketChannel channel;

  private Probe() throws IOException {}

  /** What is said until there is an answer, and to part without leaving a complaint. */
  @FunctionalInterface
  interface Language {
    /** Nothing is said: to be connected is enough. */
    Language NONE = probe -> {};

    Language MILTER = Probe::negotiate;
    Language SMTP = Probe::greetedBySmtp;
    Language TAP = Probe::askedNothing;

    void speak(Probe probe) throws IOException;
  }

  /**
   * Why there is no answer.
   *
   * @param isConnected whether somebody took the connection, so that somebody is there
   * @param isSilent whether somebody may listen all the same, and does not speak: where packets are
   *     dropped nobody can tell
   */
  record Trouble(String words, boolean isConnected, boolean isSilent) {}

  /** Why nobody answers there; empty when somebody does. */
  static Optional<Trouble> trouble(Listen listen, Language language) {
    boolean connected = false;
    try (Probe probe = new Probe()) {
      probe.connect(listen);
      connected = true;
      language.speak(probe);
      return Optional.empty();
    } catch (SocketTimeoutException late) {
      return Optional.of(new Trouble(late.getMessage(), connected, true));
    } catch (IOException cause) {
      return Optional.of(new Trouble(FileWords.of(cause), connected, connected));
    }
  }

  private void connect(Listen listen) throws IOException {
    if (listen instanceof Listen.Unix unix) {
      connect(unix.path());
    } else if (listen instanceof Listen.Inet inet) {
      InetSocketAddress address = new InetSocketAddress(inet.host(), inet.port());
      if (address.isUnresolved()) {
        throw new UnknownHostException(inet.host());
      }
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      if (!channel.connect(address)) {
        await(SelectionKey.OP_CONNECT);
        channel.finishConnect();
      }
    }
  }

  /** Where a listener's backlog is full the system says "again" at once, and nothing wakes us. */
  private void connect(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("there is no such socket");
    }
    SocketAddress address = UnixDomainSocketAddress.of(path);
    while (true) {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.configureBlocking(false);
      try {
        channel.connect(address);
        return;
      } catch (SocketException refused) {
        channel.close();
        if (!AGAIN.equals(refused.getMessage())) {
          throw refused;
        }
      }
      selector.select(Math.min(PAUSE_MILLISECONDS, left()));
    }
  }

  private void negotiate() throws IOException {
    say(OPTNEG);
    ByteBuffer answer = ByteBuffer.allocate(1024);
    while (answer.position() < MILTER_QUIT.length) {
      if (!hears(answer)) {
        throw new IOException("it closes the connection without an answer");
      }
    }
    if (answer.get(MILTER_QUIT.length - 1) != 'O') {
      throw new IOException("what it says is no milter's answer");
    }
    say(MILTER_QUIT);
  }

  /** The tap greets since Postfix 3.6; before, it does no more than close when nothing is asked. */
  private void askedNothing() throws IOException {
    channel.shutdownOutput();
    boolean unused = hears(ByteBuffer.allocate(1024));
  }

  private void greetedBySmtp() throws IOException {
    if (hears(ByteBuffer.allocate(1024))) {
      say(SMTP_QUIT);
      boolean unused = hears(ByteBuffer.allocate(1024));
    }
  }

  /** What is said is short: it has room in the buffers of a new connection. */
  private void say(byte[] words) throws IOException {
    channel.write(ByteBuffer.wrap(words));
  }

  /** Waits for more; false where the other side has ended. */
  private boolean hears(ByteBuffer more) throws IOException {
    await(SelectionKey.OP_READ);
    return channel.read(more) >= 0;
  }

  private void await(int operation) throws IOException {
    channel.register(selector, operation);
    selector.selectedKeys().clear();
    if (selector.select(left()) == 0) {
      throw silence();
    }
  }

  /** In milliseconds, at least one. */
  private long left() throws IOException {
    long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
    if (left <= 0) {
      throw silence();
    }
    return left;
  }

  private static IOException silence() {
    return new SocketTimeoutException("no word within " + PATIENCE.toSeconds() + " s");
  }

  @Override
  public void close() throws IOException {
    selector.close();
    if (channel != null) {
      channel.close();
    }
  }
}
