package org.mailjournal.postfix;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Stands where Postfix's own bounce, defer or trace service does, and keeps what it is asked. */
final class FakeService implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ServerSocketChannel server;
  private final boolean greets;
  private final Function<AttributeList, Optional<AttributeList>> answers;
  private final Watchdog watchdog = new Watchdog();
  private final List<AttributeList> requests = new CopyOnWriteArrayList<>();

  /** With an empty answer it says nothing, for good. */
  FakeService(Path socket, boolean greets, Function<AttributeList, Optional<AttributeList>> answers)
      throws IOException {
    this.greets = greets;
    this.answers = answers;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Threads.named("fake-service").newThread(this::accept).start();
  }

  List<AttributeList> requests() {
    return requests;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Threads.named("fake-service").newThread(() -> serve(channel)).start();
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(SocketChannel channel) {
    try {
      Peer peer = new Peer(channel, watchdog);
      if (greets) {
        peer.write(AttributeList.greeting(), LIMIT);
      }
      AttributeList request = peer.read(LIMIT).orElseThrow();
      Optional<AttributeList> answer = answers.apply(request);
      requests.add(request);
      if (answer.isPresent()) {
        peer.write(answer.get(), LIMIT);
        peer.close();
      }
    } catch (IOException gone) {
      // The tap gave up, which the test sees by itself.
    }
  }

  @Override
  public void close() {
    Watchdog.quietly(server);
    watchdog.close();
  }
}
