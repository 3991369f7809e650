package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An exchanger that takes everything and answers the same to every message. */
final class PlainSink implements AutoCloseable {
  private final ServerSocket listener;
  private final String finalReply;
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();

  PlainSink(String finalReply) {
    this.finalReply = finalReply;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startThread(
        () -> {
          try {
            while (true) {
              SmtpDialogue peer = new SmtpDialogue(listener.accept());
              startThread(() -> serve(peer));
            }
          } catch (IOException closed) {
            // The end.
          }
        });
  }

  private static void startThread(Runnable work) {
    Thread thread = new Thread(work, "sink");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  List<String> messages() {
    return messages;
  }

  List<String> commands() {
    return commands;
  }

  private void serve(SmtpDialogue peer) {
    try (peer) {
      peer.send("220 sink.test ESMTP");
      for (String line = peer.line(); line != null; line = peer.line()) {
        commands.add(line);
        if (line.startsWith("EHLO")) {
          peer.send("250-sink.test\r\n250-DSN\r\n250-SMTPUTF8\r\n250 8BITMIME");
        } else if (line.startsWith("DATA")) {
          peer.send("354 go on");
          messages.add(body(peer));
          peer.send(finalReply);
        } else {
          peer.send("250 ok");
        }
      }
    }
  }

  private static String body(SmtpDialogue peer) {
    List<String> lines = new ArrayList<>();
    for (String line = peer.line(); line != null && !line.equals("."); line = peer.line()) {
      lines.add(line);
    }
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
