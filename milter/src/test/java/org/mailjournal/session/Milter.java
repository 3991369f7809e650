package org.mailjournal.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.protocol.Endpoint;
import org.mailjournal.protocol.MilterClient;
import org.mailjournal.protocol.MilterServer;

/** A milter on loopback whose journal is in memory and whose clock stands still. */
final class Milter implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-24T05:34:39.123Z");

  private static final List<String> RELAYS = List.of("192.0.2.7", "2001:db8::/32");

  private final MemoryRecorder recorder = new MemoryRecorder();
  private final Sessions sessions;
  private final MilterServer server;

  Milter(Sessions.OnFailure onFailure) {
    this(onFailure, ReceiptPolicy.nobody());
  }

  Milter(Sessions.OnFailure onFailure, ReceiptPolicy receipts) {
    Clock clock = Clock.fixed(NOW.plusNanos(456_789), ZoneOffset.UTC);
    sessions = new Sessions(recorder, clock, onFailure, RELAYS, receipts);
    Endpoint loopback = new Endpoint.Inet("127.0.0.1", 0);
    server =
        new MilterServer(MilterServer.Settings.of(loopback, 20, Duration.ofSeconds(60)), sessions);
    server.start();
  }

  Milter() {
    this(Sessions.OnFailure.TEMPFAIL);
  }

  MemoryRecorder recorder() {
    return recorder;
  }

  void tellGap() {
    sessions.tellGap();
  }

  Sessions.Counters counters() {
    return sessions.counters();
  }

  /** A connection as Postfix makes it, up to EHLO. */
  MilterClient postfix() {
    return postfix("192.0.2.7");
  }

  MilterClient postfix(String client) {
    return MilterClient.negotiated(server.endpoint())
        .macros(
            'C',
            "j",
            "mail.example.org",
            "v",
            "Postfix 3.7.11",
            "{daemon_name}",
            "mail.example.org",
            "{client_name}",
            "unknown",
            "{client_addr}",
            client)
        .connectFrom("[" + client + "]", '4', 40000, client)
        .send('H', "client.example.com\0");
  }

  /** A connection as sendmail makes it, up to EHLO. */
  MilterClient sendmail() {
    return MilterClient.negotiated(server.endpoint())
        .macros(
            'C', "j", "mail.example.org", "v", "8.17.1.9/Debian", "{client_name}", "c.example.com")
        .connectFrom("c.example.com", '6', 40000, "IPv6:2001:db8::7")
        .macros('H', "{tls_version}", "TLSv1.3", "{cipher}", "TLS_AES_256_GCM_SHA384")
        .send('H', "c.example.com\0");
  }

  /** A connection to a sendmail that listens at all addresses, to this one of them. */
  MilterClient sendmail(String client, String reached) {
    return MilterClient.negotiated(server.endpoint())
        .macros(
            'C',
            "j",
            "mail.example.org",
            "v",
            "8.17.1.9",
            "{daemon_addr}",
            "0.0.0.0",
            "{if_addr}",
            reached)
        .connectFrom("c.example.com", client.contains(":") ? '6' : '4', 40000, client)
        .send('H', "c.example.com\0");
  }

  @Override
  public void close() {
    server.close();
  }
}
