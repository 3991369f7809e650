package org.mailjournal.relaytest;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.mailjournal.journal.Bytes;

/**
 * An SMTP client that says exactly what it is told, right or wrong, and shows each reply. Text goes
 * out as UTF-8.
 */
public final class SmtpClient implements AutoCloseable {
  private static final int TIMEOUT = 60_000;
  private static final int LONGEST_LINE = 64 * 1024;

  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private final SmtpReply greeting;

  private SmtpClient(Socket socket) throws IOException {
    this.socket = socket;
    open();
    greeting = read();
  }

  /** A connection whose greeting was read. */
  public static SmtpClient connect(InetSocketAddress server) {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT);
      socket.connect(server, TIMEOUT);
      socket.setTcpNoDelay(true);
      return new SmtpClient(socket);
    } catch (IOException e) {
      quietly(socket);
      throw new UncheckedIOException("SMTP to " + server + ": " + e.getMessage(), e);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Nothing is owed to a connection that failed.
    }
  }

  private void open() throws IOException {
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
  }

  /** What the server said first. */
  public SmtpReply greeting() {
    return greeting;
  }

  /** One line and its reply. */
  public SmtpReply command(String line) {
    return command(line.getBytes(StandardCharsets.UTF_8));
  }

  /** One line of any bytes and its reply. */
  public SmtpReply command(byte[] line) {
    send(line);
    send("\r\n".getBytes(StandardCharsets.US_ASCII));
    return reply();
  }

  /** Several lines in one write (RFC 2920), then their replies. */
  public List<SmtpReply> pipeline(List<String> lines) {
    for (String line : lines) {
      send((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
    List<SmtpReply> replies = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      replies.add(reply());
    }
    return replies;
  }

  public SmtpReply ehlo(String name) {
    return command("EHLO " + name);
  }

  public SmtpReply mail(String sender, String... parameters) {
    return command(path("MAIL FROM:", sender, parameters));
  }

  public SmtpReply rcpt(String recipient, String... parameters) {
    return command(path("RCPT TO:", recipient, parameters));
  }

  /** {@code MAIL FROM:<sender>} or {@code RCPT TO:<recipient>} with its parameters. */
  static String path(String verb, String address, String... parameters) {
    return verb
        + "<"
        + address
        + ">"
        + (parameters.length == 0 ? "" : " ")
        + String.join(" ", parameters);
  }

  /** Something that writes a message, lines ended by CRLF. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** DATA, the message with its dots doubled, and the end; the last reply that came. */
  public SmtpReply data(byte[] message) {
    return data(to -> to.write(message));
  }

  /** DATA, the message with its dots doubled, and the end; the last reply that came. */
  public SmtpReply data(Content message) {
    SmtpReply ready = command("DATA");
    if (ready.code() != 354) {
      return ready;
    }
    content(message);
    return command(".");
  }

  /** A message with its dots doubled, and no end. */
  public void content(Content message) {
    try {
      DotStuffing stuffing = new DotStuffing(out);
      message.writeTo(stuffing);
      stuffing.endLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** STARTTLS (RFC 3207), trusting any certificate. EHLO must be said again after it. */
  public SmtpReply startTls() {
    SmtpReply reply = command("STARTTLS");
    if (!reply.isPositive()) {
      return reply;
    }
    try {
      SSLSocket secure =
          (SSLSocket)
              Trusting.context()
                  .getSocketFactory()
                  .createSocket(socket, "localhost", socket.getPort(), true);
      secure.startHandshake();
      socket = secure;
      open();
      return reply;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** AUTH PLAIN with an initial response (RFC 4616). */
  public SmtpReply authPlain(String user, String password) {
    byte[] token = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    return command("AUTH PLAIN " + Base64.getEncoder().encodeToString(token));
  }

  public SmtpReply rset() {
    return command("RSET");
  }

  /** Bytes as they are; nothing is awaited. */
  public void send(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends what there is to send and leaves without waiting for anything. */
  public void flushAndClose() {
    try {
      out.flush();
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves without a word: the server sees a reset connection. */
  public void abort() {
    try {
      out.flush();
      socket.setSoLinger(true, 0);
    } catch (IOException alreadyGone) {
      // The other side was faster.
    }
    quietly(socket);
  }

  /** The next reply. */
  public SmtpReply reply() {
    try {
      out.flush();
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SmtpReply read() throws IOException {
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = readLine();
      if (line.length() < 3) {
        throw new IOException("SMTP reply: expected a three-digit code, got '" + line + "'");
      }
      lines.add(line.length() > 4 ? line.substring(4) : "");
      if (line.length() == 3 || line.charAt(3) != '-') {
        return new SmtpReply(Integer.parseInt(line.substring(0, 3)), lines);
      }
    }
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("SMTP: the server closed the connection");
      }
      if (line.size() > LONGEST_LINE) {
        throw new IOException("SMTP reply: a line of more than " + LONGEST_LINE + " octets");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return Bytes.text(line.toByteArray());
  }

  /** QUIT, as far as the server still listens. */
  @Override
  public void close() {
    try {
      if (!socket.isClosed()) {
        command("QUIT");
      }
    } catch (UncheckedIOException alreadyGone) {
      // The server hung up first, as it may.
    } finally {
      quietly(socket);
    }
  }

  /** Doubles a dot at the start of a line (RFC 5321 section 4.5.2). */
  private static final class DotStuffing extends OutputStream {
    private final OutputStream out;
    private int last = '\n';

    private DotStuffing(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      if (b == '.' && last == '\n') {
        out.write('.');
      }
      out.write(b);
      last = b;
    }

    private void endLine() throws IOException {
      if (last != '\n') {
        out.write('\r');
        out.write('\n');
      }
    }
  }
}
