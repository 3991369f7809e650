package org.mailjournal.relaytest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Stands before the port at which an MTA takes mail, and holds a submission at one moment. */
final class SubmissionDoor implements AutoCloseable {
  /** Where a submission is held. */
  enum Moment {
    /** Nobody listens. */
    BEFORE_THE_CONNECTION,
    /** The MTA has the content, and not the dot that ends it. */
    BEFORE_THE_DOT,
    /** The MTA has said that it took the message, and the client has not heard it. */
    BEFORE_THE_REPLY,
    /** Not at all. */
    NEVER
  }

  private static final String END = "\r\n.\r\n";
  private static final int DOT = END.indexOf('.');

  private final InetSocketAddress mta;
  private final int port = Loopback.freePort();
  private final Gate gate = new Gate();
  private volatile Moment moment = Moment.NEVER;
  private ServerSocket door;

  SubmissionDoor(InetSocketAddress mta) {
    this.mta = mta;
    open();
  }

  int port() {
    return port;
  }

  /** How many submissions are held. */
  int held() {
    return gate.waiting();
  }

  void holdAt(Moment newMoment) {
    moment = newMoment;
    if (newMoment == Moment.BEFORE_THE_CONNECTION) {
      shut();
    }
  }

  /** What is held ends there, and all that comes now passes. */
  void holdNoMore() {
    moment = Moment.NEVER;
    gate.open();
    open();
  }

  private synchronized void open() {
    if (door != null) {
      return;
    }
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(Loopback.ipv4(port), 100);
      door = socket;
      Threads.daemon(() -> accept(socket)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void shut() {
    try {
      if (door != null) {
        door.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    door = null;
  }

  @Override
  public void close() {
    shut();
    gate.shut();
  }

  private void accept(ServerSocket at) {
    while (!at.isClosed()) {
      try {
        Socket client = at.accept();
        Threads.daemon(() -> serve(client)).start();
      } catch (IOException shut) {
        // Asked again at the loop's head.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket()) {
      server.connect(mta, 20_000);
      Thread back = Threads.daemon(() -> passReplies(server, client));
      back.start();
      passContent(client, server);
      back.join();
    } catch (IOException gone) {
      // Either side may be dead, that is what this is for.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void passContent(Socket client, Socket server) throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = new BufferedOutputStream(server.getOutputStream());
    int matched = 0;
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      if (octet == END.charAt(matched)) {
        matched++;
      } else {
        out.write(unsent(matched));
        matched = octet == '\r' ? 1 : 0;
      }
      if (matched == END.length()) {
        if (moment == Moment.BEFORE_THE_DOT) {
          out.flush();
          hold(client, server);
          return;
        }
        out.write(unsent(matched - 1));
        matched = 2;
      }
      if (matched <= DOT) {
        out.write(octet);
      }
      if (in.available() == 0) {
        out.flush();
      }
    }
    server.shutdownOutput();
  }

  /** Of what was matched, the part behind the line end in front of the dot. */
  private static byte[] unsent(int matched) {
    String part = END.substring(Math.min(DOT, matched), matched);
    return part.getBytes(StandardCharsets.US_ASCII);
  }

  private void passReplies(Socket server, Socket client) {
    byte[] buffer = new byte[4096];
    boolean afterData = false;
    try {
      InputStream in = server.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (afterData && moment == Moment.BEFORE_THE_REPLY && buffer[0] == '2') {
          hold(client, server);
          return;
        }
        afterData = buffer[0] == '3';
        client.getOutputStream().write(buffer, 0, read);
      }
      client.shutdownOutput();
    } catch (IOException gone) {
      // Seen by the other direction too.
    }
  }

  private void hold(Socket client, Socket server) throws IOException {
    boolean unused = gate.pass();
    client.close();
    server.close();
  }
}
