package org.mailjournal.relaytest;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What Postfix does behind a message that it relayed at the first attempt: the delivery agent's
 * record of success, then the queue manager's ask for the trace.
 */
record TracedPass(QueueFiles files) implements MilterLoad.Accepted {
  private static final String SERVICE = "journal-trace";

  @Override
  public void message(MilterMessage message) throws IOException {
    String id = message.queueId();
    String address = address(message.recipients().get(0));
    MtaRecipient recipient =
        new MtaRecipient(
            address,
            "rfc822;" + address,
            NotifyMark.SUCCESS | NotifyMark.FAILURE | NotifyMark.DELAY);
    MtaMessage.Envelope envelope =
        new MtaMessage.Envelope(
            id, Instant.now(), address(message.sender()), "", 0, false, false, Map.of());
    files.write(new MtaMessage(envelope, List.of(recipient), message.content().bytes()));
    files.append("trace", id, relayed(id).record(recipient));
    boolean taken = PassAsk.TRACE.ask(files, SERVICE, envelope) && !files.isThere("trace", id);
    files.remove("active", id);
    if (!taken) {
      throw new IOException(id + ": the trace pass was not taken");
    }
  }

  private static String address(String path) {
    return path.substring(path.indexOf('<') + 1, path.indexOf('>'));
  }

  private static Fate relayed(String id) {
    String reply = "250 2.0.0 Ok: queued as " + id;
    String relay = "mx.example.com[192.0.2.14]:25";
    return new Fate(
        Fate.Kind.SENT,
        relay,
        "2.0.0",
        reply,
        "mx.example.com",
        "delivery via " + relay + ": " + reply);
  }
}
