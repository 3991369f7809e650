package org.mailjournal.journal;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that was learnt at a stated moment. An event is recorded once and never changed; all
 * that the journal answers is reduced from events.
 */
public sealed interface Event
    permits Event.Received,
        Event.Outcome,
        Event.Unreported,
        Event.Oddity,
        Event.Started,
        Event.Stopped,
        ReceiptEvent {
  /** Times are UTC, in whole milliseconds. */
  Instant at();

  Source source();

  /** The message that it concerns, if it concerns one. */
  default Optional<MessageKey> about() {
    return Optional.empty();
  }

  /** The word that names its kind in JSON and in the journal. */
  String kind();

  /**
   * What makes two events the same news, so that a report that comes twice is recorded once. Empty
   * when it is always news.
   */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /**
   * The end of a message, before the MTA is answered (source milter); or, of a message that no
   * milter told of, the first that our relay saw (source egress), or what its queue file had when
   * Postfix's queue manager first named it (source pass: then {@link Accepted#asked} of who is
   * marked is not known).
   *
   * @param authenticatedAs the SASL login name
   * @param size octets of header section and body as they came, line ends included
   * @param trail queue ids in the message's own Received fields, topmost (latest) first
   * @param digest of header section and body as accepted; absent where no milter saw them, and in
   *     journals that were written before there were digests
   */
  record Received(
      Instant at,
      Source source,
      MessageKey message,
      Optional<MessageId> messageId,
      Address sender,
      Optional<String> authenticatedAs,
      Client client,
      long size,
      List<QueueId> trail,
      List<Accepted> accepted,
      List<Rejected> rejected,
      Optional<ContentDigest> digest)
      implements Event {
    public Received {
      trail = List.copyOf(trail);
      accepted = List.copyOf(accepted);
      rejected = List.copyOf(rejected);
    }

    /** One whose content nobody hashed. */
    public Received(
        Instant at,
        Source source,
        MessageKey message,
        Optional<MessageId> messageId,
        Address sender,
        Optional<String> authenticatedAs,
        Client client,
        long size,
        List<QueueId> trail,
        List<Accepted> accepted,
        List<Rejected> rejected) {
      this(
          at,
          source,
          message,
          messageId,
          sender,
          authenticatedAs,
          client,
          size,
          trail,
          accepted,
          rejected,
          Optional.empty());
    }

    /** An address can be refused and later taken in the same dialogue: the taken one counts. */
    public List<Rejected> neverTaken() {
      if (rejected.isEmpty()) {
        return rejected;
      }
      Set<Address> taken = new HashSet<>();
      accepted.forEach(one -> taken.add(one.address()));
      return rejected.stream().filter(one -> !taken.contains(one.address())).toList();
    }

    @Override
    public Optional<MessageKey> about() {
      return Optional.of(message);
    }

    @Override
    public String kind() {
      return "received";
    }

    @Override
    public Optional<String> identity() {
      return Optional.of("received");
    }
  }

  /**
   * A recipient that the MTA took.
   *
   * @param orcpt the sender's ORCPT (RFC 3461 section 4.2) as given, {@code rfc822;a@b}
   * @param mailer the MTA's name for how it will deliver ({@code {rcpt_mailer}}): {@code local}
   *     means that this machine's own mailer gets it
   * @param marked whether the MTA will tell us of success: on Postfix, whether the recipient
   *     carries NOTIFY=SUCCESS, the sender's own or our mark
   * @param rewritten the other address that it goes on to, where the MTA says so at once
   *     (sendmail's {@code {rcpt_addr}})
   */
  record Accepted(
      Address address,
      Asked asked,
      Optional<String> orcpt,
      Optional<String> mailer,
      boolean marked,
      Optional<Address> rewritten) {
    public Accepted {
      rewritten = rewritten.filter(other -> !other.equals(address));
    }

    /** One of whom no other address is known. */
    public Accepted(
        Address address,
        Asked asked,
        Optional<String> orcpt,
        Optional<String> mailer,
        boolean marked) {
      this(address, asked, orcpt, mailer, marked, Optional.empty());
    }

    /** As whom the MTA delivers to it. */
    public Recipient recipient() {
      return new Recipient(rewritten.orElse(address), rewritten.map(other -> address));
    }
  }

  /**
   * A recipient that the MTA refused.
   *
   * @param text the MTA's own words
   */
  record Rejected(Address address, Optional<EnhancedStatus> dsn, String text) {}

  /**
   * What became of an attempt at one recipient: relayed, delivered, expanded, failed or delayed.
   *
   * @param reply the far side's verbatim final words; lines of a multi-line reply are kept apart by
   *     LF where the MTA kept them apart
   * @param reason the MTA's own explanation
   * @param attempt tells two attempts with equal words apart; empty where a status comes once
   */
  record Outcome(
      Instant at,
      Source source,
      MessageKey message,
      Recipient recipient,
      Status status,
      Optional<EnhancedStatus> dsn,
      Remote remote,
      Optional<String> reply,
      Optional<String> reason,
      String attempt)
      implements Event {
    /** How the reason of a failure begins that tells of no attempt. */
    public static final String UNTOLD = "no delivery agent told of an attempt";

    public Outcome {
      switch (status) {
        case RELAYED, DELIVERED, EXPANDED, FAILED, DELAYED -> {}
        case REJECTED, QUEUED, UNREPORTED ->
            throw new IllegalArgumentException("outcome: " + status + " is not one");
      }
    }

    @Override
    public Optional<MessageKey> about() {
      return Optional.of(message);
    }

    /** The id under which the far side queued the message, where its reply gives one. */
    public Optional<String> remoteQueueId() {
      return status == Status.RELAYED || status == Status.DELIVERED
          ? reply.flatMap(RemoteQueueId::of)
          : Optional.empty();
    }

    @Override
    public String kind() {
      return status.word();
    }

    @Override
    public Optional<String> identity() {
      return Optional.of(
          String.join(
              "\0",
              status.word(),
              recipient.address().comparable(),
              recipient.accepted().comparable(),
              attempt,
              dsn.map(EnhancedStatus::toString).orElse(""),
              reply.orElse(""),
              reason.orElse("")));
    }
  }

  /**
   * The MTA is done with the recipient, and no record exists. Recorded only where no final status
   * is known.
   */
  record Unreported(
      Instant at, Source source, MessageKey message, Recipient recipient, String reason)
      implements Event {
    @Override
    public Optional<MessageKey> about() {
      return Optional.of(message);
    }

    @Override
    public String kind() {
      return "unreported";
    }

    @Override
    public Optional<String> identity() {
      return Optional.of(
          String.join(
              "\0",
              "unreported",
              recipient.address().comparable(),
              recipient.accepted().comparable()));
    }
  }

  /**
   * Something that could not be read, matched or trusted.
   *
   * @param stage where it was met: {@code milter}, {@code pass}, {@code egress}, {@code receipts}
   * @param problem what was expected and what came, in a sentence
   * @param sha256 of the whole input, in lower-case hexadecimal
   * @param excerpt its first bytes, at most {@link #EXCERPT}
   */
  record Oddity(
      Instant at,
      Source source,
      Optional<MessageKey> message,
      String stage,
      String problem,
      String sha256,
      Bytes excerpt)
      implements Event {
    /** How much of the input is kept, in bytes. */
    public static final int EXCERPT = 64 * 1024;

    /** An oddity that keeps the input's hash and first bytes. */
    public static Oddity of(
        Instant at,
        Source source,
        Optional<MessageKey> message,
        String stage,
        String problem,
        byte[] input) {
      return new Oddity(
          at, source, message, stage, problem, Bytes.sha256(input), Bytes.head(input, EXCERPT));
    }

    @Override
    public Optional<MessageKey> about() {
      return message;
    }

    @Override
    public String kind() {
      return "oddity";
    }

    @Override
    public Optional<String> identity() {
      return message.map(m -> String.join("\0", "oddity", stage, problem, sha256));
    }
  }

  /**
   * The daemon listens.
   *
   * @param host the machine's name
   * @param version the program's version
   */
  record Started(Instant at, Source source, String host, String version) implements Event {
    @Override
    public String kind() {
      return "started";
    }
  }

  /** The daemon no longer listens, by its own decision. */
  record Stopped(Instant at, Source source, String host) implements Event {
    @Override
    public String kind() {
      return "stopped";
    }
  }
}
