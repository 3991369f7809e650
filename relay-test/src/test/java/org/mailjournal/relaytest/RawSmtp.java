package org.mailjournal.relaytest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A socket with a line in and a line out, bytes as ISO 8859-1 characters. */
final class RawSmtp implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawSmtp(InetSocketAddress address) throws IOException {
    socket = new Socket();
    socket.connect(address, 30_000);
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects, reads the greeting, says EHLO. */
  static RawSmtp greeted(InetSocketAddress address) throws IOException {
    RawSmtp smtp = new RawSmtp(address);
    smtp.reply();
    smtp.say("EHLO client.test");
    return smtp;
  }

  RawSmtp write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends a line, and gives the whole reply, lines ended by LF. */
  String say(String line) throws IOException {
    return write(line + "\r\n").reply();
  }

  /** A whole reply; {@code closed} when the other side hung up instead. */
  String reply() throws IOException {
    StringBuilder reply = new StringBuilder();
    while (true) {
      String line = line();
      if (line == null) {
        return "closed";
      }
      reply.append(line);
      if (line.length() < 4 || line.charAt(3) != '-') {
        return reply.toString();
      }
      reply.append('\n');
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    try {
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          return null;
        }
        line.append((char) b);
      }
    } catch (SocketException reset) {
      return null;
    }
    return line.toString().replace("\r", "");
  }

  /** One message; the reply to its final dot. */
  String send(String sender, String content, String... recipients) throws IOException {
    say("MAIL FROM:<" + sender + ">");
    for (String recipient : recipients) {
      say("RCPT TO:" + recipient);
    }
    say("DATA");
    return say(content + "\r\n.");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
