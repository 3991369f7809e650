package org.mailjournal.relaytest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tap that notes what it is asked and what the files hold just then; it answers trace itself and
 * passes bounce and defer on to the services behind it.
 */
final class StubTap implements AutoCloseable {
  /** A request, with the service's records and the message's file as they were. */
  record Asked(
      String service,
      Map<String, String> request,
      List<Map<String, String>> records,
      boolean active) {}

  private final QueueFiles files;
  private final List<ServerSocketChannel> servers = new ArrayList<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();

  StubTap(Path queueDirectory) throws IOException {
    files = new QueueFiles(queueDirectory);
    for (String service : List.of("bounce", "defer", "trace")) {
      Path path = files.socket("journal-" + service);
      Files.deleteIfExists(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      servers.add(server);
      Threads.daemon(() -> serve(service, server)).start();
    }
  }

  /** Answers the next requests with a failure. */
  StubTap refusing(int requests) {
    refusals.set(requests);
    return this;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  List<String> services() {
    return asked.stream().map(Asked::service).toList();
  }

  private void serve(String service, ServerSocketChannel server) {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        client.write(ByteBuffer.wrap(PassAsk.greeting()));
        var in = new BufferedInputStream(Channels.newInputStream(client));
        String status = answer(service, Attributes.read(in));
        client.write(ByteBuffer.wrap(Attributes.encode(Map.of("status", status))));
      } catch (IOException gone) {
        asked.add(new Asked("gone", Map.of(), List.of(), false));
      }
    }
  }

  private String answer(String service, Map<String, String> request) throws IOException {
    String id = request.get("queue_id");
    asked.add(new Asked(service, request, files.read(service, id), files.isThere("active", id)));
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return "1";
    }
    if (service.equals("trace")) {
      files.remove("trace", id);
      return "0";
    }
    return passOn(service, request);
  }

  private String passOn(String service, Map<String, String> request) throws IOException {
    try (SocketChannel real =
        SocketChannel.open(UnixDomainSocketAddress.of(files.socket(service)))) {
      var in = new BufferedInputStream(Channels.newInputStream(real));
      Attributes.read(in);
      real.write(ByteBuffer.wrap(Attributes.encode(request)));
      return Attributes.read(in).get("status");
    }
  }

  @Override
  public void close() throws IOException {
    for (ServerSocketChannel server : servers) {
      server.close();
    }
  }
}
