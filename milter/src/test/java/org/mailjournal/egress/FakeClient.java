package org.mailjournal.egress;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The MTA's side of a dialogue with the relay. */
final class FakeClient implements Closeable {
  private final Socket socket;
  private final OutputStream out;
  private final ReplyReader replies;

  FakeClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    out = socket.getOutputStream();
    replies = new ReplyReader(new LineReader(socket.getInputStream(), 4096));
  }

  /** Connected and greeted. */
  static FakeClient greeted(int port) throws IOException {
    FakeClient client = new FakeClient(port);
    client.reply();
    client.ask("EHLO mail.example.org");
    return client;
  }

  String ask(String command) throws IOException {
    send(command + "\r\n");
    return reply();
  }

  void send(String bytes) throws IOException {
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  void send(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
  }

  String reply() throws IOException {
    out.flush();
    return replies.read().text();
  }

  /** One whole transaction; the reply to its content. */
  String mail(String sender, String recipient, String content) throws IOException {
    return mail(sender, recipient, content, "");
  }

  /** The same, with what does not wait for the reply. */
  String mail(String sender, String recipient, String content, String pipelined)
      throws IOException {
    ask("MAIL FROM:<" + sender + ">");
    ask("RCPT TO:<" + recipient + ">");
    ask("DATA");
    send(content + ".\r\n" + pipelined);
    return reply();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
