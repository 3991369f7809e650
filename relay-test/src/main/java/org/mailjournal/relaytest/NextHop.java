package org.mailjournal.relaytest;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A plain SMTP connection to a next hop: commands out, replies in. */
final class NextHop implements Closeable {
  /**
   * A reply.
   *
   * @param text its lines with their codes, joined by blanks, as Postfix logs them; bytes that are
   *     no UTF-8 and control characters as question marks
   */
  record Answer(int code, String text, List<String> lines) {
    boolean positive() {
      return code < 400;
    }

    boolean temporary() {
      return code >= 400 && code < 500;
    }
  }

  private static final int PATIENCE_MS = 30_000;
  private static final int LONGEST_LINE = 8192;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  NextHop(InetSocketAddress address) throws IOException {
    socket = new Socket();
    try {
      socket.connect(address, PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = new BufferedOutputStream(socket.getOutputStream());
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  Answer command(String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    return answer();
  }

  /** The content with its dots doubled, and the final dot (RFC 5321 section 4.5.2). */
  Answer content(byte[] content) throws IOException {
    boolean lineStart = true;
    for (byte b : content) {
      if (lineStart && b == '.') {
        out.write('.');
      }
      out.write(b);
      lineStart = b == '\n';
    }
    out.write((lineStart ? ".\r\n" : "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return answer();
  }

  Answer answer() throws IOException {
    List<String> lines = new ArrayList<>();
    // Postfix keeps the code of every line (smtp_chat.c), and writes a blank for the line's end.
    List<String> whole = new ArrayList<>();
    while (true) {
      String line = line();
      if (!line.matches("[2-5][0-9][0-9]([ -].*)?")) {
        throw new IOException("reply: expected three digits and a blank, got " + line);
      }
      boolean last = line.length() < 4 || line.charAt(3) != '-';
      lines.add(line.length() > 4 ? line.substring(4) : "");
      whole.add(line);
      if (last) {
        int code = Integer.parseInt(line.substring(0, 3));
        return new Answer(code, String.join(" ", whole), List.copyOf(lines));
      }
    }
  }

  private String line() throws IOException {
    byte[] line = new byte[LONGEST_LINE];
    int length = 0;
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || length == LONGEST_LINE) {
        throw new EOFException("no more replies");
      }
      line[length++] = (byte) b;
    }
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    String text = new String(line, 0, end, StandardCharsets.UTF_8);
    return text.replace('\uFFFD', '?').replaceAll("\\p{Cntrl}", "?");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
