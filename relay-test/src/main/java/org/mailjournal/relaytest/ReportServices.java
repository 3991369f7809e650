package org.mailjournal.relaytest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MTA's own bounce, defer and trace services on their private sockets: they append records,
 * mail the sender what he is to know, and remove the log.
 */
final class ReportServices implements AutoCloseable {
  /** Mails a report to the sender of a message. */
  @FunctionalInterface
  interface Mailer {
    void mail(ReportMail kind, String queueId, String to, List<Map<String, String>> records)
        throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ReportServices.class);
  private static final int VERP = 3;

  private final QueueFiles files;
  private final Mailer mailer;
  private final ExecutorService threads = Executors.newCachedThreadPool(Threads::daemon);
  private final List<ServerSocketChannel> servers = new ArrayList<>();

  ReportServices(QueueFiles files, Mailer mailer) throws IOException {
    this.files = files;
    this.mailer = mailer;
    for (String service : List.of("bounce", "defer", "trace")) {
      Path path = files.socket(service);
      Files.deleteIfExists(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      servers.add(server);
      threads.execute(() -> serve(service, server));
    }
  }

  private void serve(String service, ServerSocketChannel server) {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        threads.execute(() -> answer(service, client));
      } catch (IOException closed) {
        LOG.debug("{}: {}", service, closed.getMessage());
      }
    }
  }

  private void answer(String service, SocketChannel client) {
    try (client) {
      write(client, PassAsk.greeting());
      var in = new BufferedInputStream(Channels.newInputStream(client));
      int status = handle(service, Attributes.read(in));
      write(client, Attributes.encode(Map.of("status", Integer.toString(status))));
    } catch (ClosedByInterruptException closing) {
      LOG.debug("{}: {}", service, closing.toString());
    } catch (IOException gone) {
      LOG.warn("{}: {}", service, gone.toString());
    }
  }

  private static void write(SocketChannel client, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      client.write(buffer);
    }
  }

  private int handle(String service, Map<String, String> request) throws IOException {
    int asked = Integer.parseInt(request.getOrDefault("nrequest", "-1"));
    String id = request.getOrDefault("queue_id", "");
    if (asked == PassAsk.APPEND) {
      Map<String, String> record = new LinkedHashMap<>(request);
      record.keySet().removeAll(List.of("nrequest", "flags", "queue_id"));
      files.append(service, id, record);
    } else if (asked == PassAsk.WARN.number()) {
      report(ReportMail.DELAY, service, request);
    } else if (asked == PassAsk.TRACE.number()) {
      report(ReportMail.SUCCESS, service, request);
      files.remove(service, id);
    } else if (asked == PassAsk.FLUSH.number() || asked == VERP) {
      report(ReportMail.FAILURE, service, request);
      files.remove(service, id);
    } else {
      return -1;
    }
    return 0;
  }

  private void report(ReportMail kind, String service, Map<String, String> request)
      throws IOException {
    String id = request.getOrDefault("queue_id", "");
    String sender = request.getOrDefault("sender", "");
    List<Map<String, String>> records = kind.applicable(files.read(service, id));
    // A report that cannot be delivered is not reported (RFC 5321 section 6.1).
    if (!records.isEmpty() && !sender.isEmpty()) {
      mailer.mail(kind, id, sender, records);
    }
  }

  @Override
  public void close() {
    for (ServerSocketChannel server : servers) {
      try {
        server.close();
      } catch (IOException failed) {
        LOG.debug("close: {}", failed.getMessage());
      }
    }
    Threads.end(threads);
  }
}
