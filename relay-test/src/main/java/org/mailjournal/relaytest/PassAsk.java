package org.mailjournal.relaytest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Postfix's queue manager asks a bounce, trace or defer service for (abounce.c, 3.6 on). */
enum PassAsk {
  FLUSH(1),
  WARN(2),
  TRACE(5);

  /** bounce.h: the file is kept when the service fails, so that it can be asked again. */
  private static final int KEEP = 0;

  private static final String PROTOCOL = "delivery_status_protocol";

  private final int number;

  PassAsk(int number) {
    this.number = number;
  }

  static final int APPEND = 0;

  int number() {
    return number;
  }

  /** Asks, and waits for the answer; false when there is none, or another than 0. */
  boolean ask(QueueFiles files, String service, MtaMessage.Envelope envelope) {
    var address = UnixDomainSocketAddress.of(files.socket(service));
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(address);
      // The server speaks first: the request goes out only behind its greeting.
      var in = new BufferedInputStream(Channels.newInputStream(channel));
      Map<String, String> greeting = Attributes.read(in);
      if (!PROTOCOL.equals(greeting.get("protocol"))) {
        return false;
      }
      ByteBuffer request = ByteBuffer.wrap(Attributes.encode(request(envelope)));
      while (request.hasRemaining()) {
        channel.write(request);
      }
      return "0".equals(Attributes.read(in).get("status"));
    } catch (IOException noAnswer) {
      return false;
    }
  }

  private Map<String, String> request(MtaMessage.Envelope envelope) {
    Map<String, String> request = new LinkedHashMap<>();
    request.put("nrequest", Integer.toString(number));
    request.put("flags", Integer.toString(KEEP));
    request.put("queue_name", "active");
    request.put("queue_id", envelope.queueId());
    request.put("encoding", envelope.eightBit() ? "8bit" : "");
    request.put("smtputf8", envelope.utf8() ? "1" : "0");
    request.put("sender", envelope.sender());
    request.put("envelope_id", envelope.envid());
    request.put("ret_flags", Integer.toString(envelope.ret()));
    return request;
  }

  /** What a service says first. */
  static byte[] greeting() {
    return Attributes.encode(Map.of("protocol", PROTOCOL));
  }
}
