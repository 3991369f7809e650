package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One side of an SMTP connection, line by line. */
final class SmtpDialogue implements AutoCloseable {
  private Socket socket;
  private BufferedReader in;

  SmtpDialogue(Socket socket) throws IOException {
    use(socket);
  }

  /** Connects and greets. */
  static SmtpDialogue open(InetSocketAddress server) {
    try {
      SmtpDialogue dialogue = new SmtpDialogue(new Socket(server.getAddress(), server.getPort()));
      dialogue.reply();
      dialogue.expect(250, "EHLO client.test");
      return dialogue;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void use(Socket connected) throws IOException {
    socket = connected;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  /** The next line; null at the end. */
  String line() {
    try {
      return in.readLine();
    } catch (IOException gone) {
      return null;
    }
  }

  void send(String line) {
    try {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String reply() {
    StringBuilder reply = new StringBuilder();
    String line = line();
    while (line != null && line.startsWith("-", 3)) {
      reply.append(line).append('\n');
      line = line();
    }
    return reply.append(line).toString();
  }

  /** Sends a command and returns the reply, its lines joined by newlines. */
  String ask(String command) {
    send(command);
    return reply();
  }

  /** Sends a command that must be answered so. */
  String expect(int code, String command) {
    String reply = ask(command);
    assertTrue(reply.startsWith(Integer.toString(code)), () -> command + " got " + reply);
    return reply;
  }

  /** Sends a whole message and returns its queue id. */
  String message(String sender, String text, String... recipients) {
    expect(250, "MAIL FROM:<" + sender + ">");
    for (String recipient : recipients) {
      expect(250, "RCPT TO:<" + recipient + ">");
    }
    return content(text);
  }

  /** Sends DATA and what follows, and returns the queue id. */
  String content(String text) {
    expect(354, "DATA");
    String reply = expect(250, text.replace("\n", "\r\n") + "\r\n.");
    return reply.substring(reply.lastIndexOf(' ') + 1);
  }

  /** Goes over to TLS, whatever the certificate, and greets again. */
  void startTls() {
    expect(220, "STARTTLS");
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, null);
      use(context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    expect(250, "EHLO client.test");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
