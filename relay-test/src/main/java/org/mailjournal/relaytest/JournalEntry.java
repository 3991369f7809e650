package org.mailjournal.relaytest;

import com.typesafe.config.Config;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One message as {@code journal find --json} or {@code journal show --json} gives it. */
public record JournalEntry(
    String id,
    String mta,
    String queueId,
    Optional<String> messageId,
    String sender,
    Optional<String> authenticatedAs,
    Peer client,
    long size,
    List<String> previous,
    List<Fate> recipients,
    List<News> events) {
  public JournalEntry {
    previous = List.copyOf(previous);
    recipients = List.copyOf(recipients);
    events = List.copyOf(events);
  }

  /** The SMTP client. */
  public record Peer(
      Optional<String> name,
      Optional<String> address,
      Optional<String> helo,
      Optional<String> tls) {}

  /** One recipient's state. */
  public record Fate(
      String address,
      Optional<String> original,
      Optional<String> asked,
      String status,
      Optional<String> dsn,
      Optional<String> remoteMta,
      Optional<String> remoteAddress,
      Optional<String> reply,
      Optional<String> remoteQueueId,
      Optional<String> reason,
      int attempts,
      String source) {
    /** The event that this state would follow from. */
    News news() {
      return new News(
          Optional.empty(),
          status,
          source,
          Optional.of(address),
          original,
          dsn,
          remoteMta,
          remoteAddress,
          reply,
          reason,
          Optional.empty(),
          Optional.empty());
    }

    /** The words that tell why: the MTA's, or of the next hop alone. */
    String words() {
      return reason.or(() -> reply).orElse("");
    }

    /** Whether the MTA will not try this recipient again. */
    public boolean isFinal() {
      return !status.equals("queued") && !status.equals("delayed");
    }
  }

  /**
   * One event; without a recipient where it concerns none.
   *
   * @param receipt which one, for the steps of a receipt
   */
  public record News(
      Optional<Instant> at,
      String kind,
      String source,
      Optional<String> recipient,
      Optional<String> original,
      Optional<String> dsn,
      Optional<String> remoteMta,
      Optional<String> remoteAddress,
      Optional<String> reply,
      Optional<String> reason,
      Optional<String> remoteTls,
      Optional<String> receipt) {
    /** At a moment that does not count, no step of a receipt, without TLS as far as is known. */
    News(
        String kind,
        String source,
        Optional<String> recipient,
        Optional<String> original,
        Optional<String> dsn,
        Optional<String> remoteMta,
        Optional<String> remoteAddress,
        Optional<String> reply,
        Optional<String> reason) {
      this(
          Optional.empty(),
          kind,
          source,
          recipient,
          original,
          dsn,
          remoteMta,
          remoteAddress,
          reply,
          reason,
          Optional.empty(),
          Optional.empty());
    }
  }

  /** Whether the MTA is done with every recipient. */
  public boolean isSettled() {
    return recipients.stream().allMatch(Fate::isFinal);
  }

  /** The recipients with this address, original or not. */
  public List<Fate> fates(String address) {
    return recipients.stream()
        .filter(
            fate ->
                fate.address().equalsIgnoreCase(address)
                    || fate.original().filter(address::equalsIgnoreCase).isPresent())
        .toList();
  }

  /**
   * The one recipient delivered to under this address.
   *
   * @throws AssertionError when there is none, or more than one
   */
  public Fate fate(String address) {
    List<Fate> found =
        recipients.stream().filter(f -> f.address().equalsIgnoreCase(address)).toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "expected one recipient " + address + " of " + queueId + ", got " + recipients);
    }
    return found.get(0);
  }

  static JournalEntry of(Config json) {
    return new JournalEntry(
        json.getString("id"),
        json.getString("mta"),
        json.getString("queue_id"),
        text(json, "message_id"),
        json.getString("sender"),
        text(json, "authenticated_as"),
        peer(json),
        json.getLong("size"),
        json.hasPath("previous") ? json.getStringList("previous") : List.of(),
        json.getConfigList("recipients").stream().map(JournalEntry::fateOf).toList(),
        json.hasPath("events") ? newsIn(json) : List.of());
  }

  /** The events of a message, or of the evidence of one. */
  static List<News> newsIn(Config json) {
    return json.getConfigList("events").stream().map(JournalEntry::newsOf).toList();
  }

  private static Peer peer(Config json) {
    return new Peer(
        text(json, "client.name"),
        text(json, "client.address"),
        text(json, "client.helo"),
        text(json, "client.tls"));
  }

  private static Fate fateOf(Config json) {
    return new Fate(
        json.getString("address"),
        text(json, "original"),
        text(json, "asked"),
        json.getString("status"),
        text(json, "dsn"),
        text(json, "remote_mta"),
        text(json, "remote_address"),
        text(json, "reply"),
        text(json, "remote_queue_id"),
        text(json, "reason"),
        json.hasPath("attempts") ? json.getInt("attempts") : 0,
        json.getString("source"));
  }

  private static News newsOf(Config json) {
    return new News(
        text(json, "at").map(Instant::parse),
        json.getString("kind"),
        json.getString("source"),
        text(json, "recipient"),
        text(json, "original"),
        text(json, "dsn"),
        text(json, "remote_mta"),
        text(json, "remote_address"),
        text(json, "reply"),
        text(json, "reason").or(() -> text(json, "problem")),
        text(json, "remote_tls"),
        text(json, "receipt"));
  }

  private static Optional<String> text(Config json, String path) {
    return json.hasPath(path) ? Optional.of(json.getString(path)) : Optional.empty();
  }
}
