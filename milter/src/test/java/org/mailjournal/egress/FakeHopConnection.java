package org.mailjournal.egress;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** One connection to a {@link FakeHop}, and what is said on it. */
final class FakeHopConnection implements Runnable {
  private final FakeHop hop;
  private final Closeable raw;
  private final Socket socket;
  private InputStream in;
  private OutputStream out;
  private int accepted;
  private long window = 0x0d0a;

  FakeHopConnection(FakeHop hop, Closeable raw, Socket socket, InputStream in, OutputStream out) {
    this.hop = hop;
    this.raw = raw;
    this.socket = socket;
    this.in = new BufferedInputStream(in, 64 * 1024);
    this.out = out;
    hop.open.add(raw);
  }

  @Override
  public void run() {
    try (raw) {
      boolean more = say(hop.next("greeting", "220 hop.example ESMTP\r\n"));
      while (more) {
        String line = line();
        if (line == null) {
          return;
        }
        hop.commands.add(line);
        more = answer(line);
      }
    } catch (IOException gone) {
      return;
    } finally {
      hop.open.remove(raw);
    }
  }

  private boolean answer(String line) throws IOException {
    String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
    return switch (verb) {
      case "EHLO", "LHLO" -> say(hop.next(verb, ehlo()));
      case "STARTTLS" -> startTls();
      case "RCPT" -> recipient(hop.next(line, "250 2.1.5 Ok\r\n"));
      case "RSET", "MAIL" -> {
        accepted = 0;
        yield say(hop.next(line, "250 2.0.0 Ok\r\n"));
      }
      case "DATA" -> data(hop.next("DATA", "354 go\r\n"));
      case "AUTH" -> say(hop.next(line, "235 2.7.0 welcome\r\n"));
      case "QUIT" -> {
        say("221 2.0.0 bye\r\n");
        yield false;
      }
      default -> say(hop.next(line, "250 2.0.0 Ok\r\n"));
    };
  }

  private String ehlo() {
    return "250-hop.example\r\n250-" + hop.offers.replace("\r\n", "\r\n250-") + "\r\n250 HELP\r\n";
  }

  private boolean recipient(String reply) throws IOException {
    accepted += reply.startsWith("2") ? 1 : 0;
    return say(reply);
  }

  private boolean startTls() throws IOException {
    if (!say(hop.next("STARTTLS", "220 2.0.0 go\r\n"))) {
      return false;
    }
    if (hop.tls != null) {
      SSLSocket secure =
          (SSLSocket) hop.tls.getSocketFactory().createSocket(socket, null, hop.port(), false);
      secure.setUseClientMode(false);
      secure.startHandshake();
      in = new BufferedInputStream(secure.getInputStream());
      out = secure.getOutputStream();
      hop.offers = hop.offers.replace("\r\nSTARTTLS", "");
    }
    return true;
  }

  private boolean data(String reply) throws IOException {
    if (!say(reply) || !reply.replace(FakeHop.LATE, "").startsWith("354")) {
      return !reply.equals(FakeHop.CLOSE);
    }
    if (hop.deaf) {
      waitForGoOn();
    }
    String early = hop.next("early", "");
    if (!early.isEmpty()) {
      in.mark(1);
      in.read();
      in.reset();
      say(early);
      hop.commands.add("early");
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    if (!readContent(content)) {
      return false;
    }
    hop.contents.add(content.toByteArray());
    boolean more = true;
    for (int i = 0; more && i < (hop.lmtp ? accepted : 1); i++) {
      more = say(hop.next("content", "250 2.0.0 Ok: queued as " + hop.contents.size() + "\r\n"));
    }
    return more;
  }

  private boolean readContent(ByteArrayOutputStream content) throws IOException {
    if (!hop.keepContents) {
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

  private boolean say(String reply) throws IOException {
    if (reply.equals(FakeHop.CLOSE)) {
      return false;
    }
    if (reply.equals(FakeHop.SILENCE)) {
      return in.read() >= 0 && say(FakeHop.SILENCE);
    }
    if (reply.startsWith(FakeHop.LATE)) {
      waitForGoOn();
      return say(reply.substring(FakeHop.LATE.length()));
    }
    sleep(hop.pause);
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
      hop.late.await();
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
