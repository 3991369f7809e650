package org.mailjournal.egress;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * Finds the message that a transaction is about.
 *
 * <p>The message is named by the queue id in our MTA's topmost Received field, which is in the
 * content. When the next hop refuses every recipient there is no content. Sendmail 8.17 has no way
 * to tell us the id earlier: {@code $i} is expanded into nothing that it sends in the envelope (the
 * HELO name only under {@code _FFR_EXPAND_HELONAME}, which is not built in; ENVID is the sender's
 * own, and would need DSN, which would hand NOTIFY over to us; an {@code authinfo} or rewriting
 * ruleset could smuggle it in, once per connection or into the addresses, to arrive at next hops
 * whenever we are bypassed). So such refusals are joined by the envelope: the one message of that
 * sender in which all these recipients are still open. Where there are several, or none, that is
 * recorded as an oddity, and no message's record is touched. What else is known of both must agree
 * ({@link Claim}).
 */
final class Joiner {
  private static final int CANDIDATES = 50;

  /** Of recipients that may be open: what ended long ago must not stand in front of what waits. */
  private static final List<Status> POSSIBLE =
      List.of(Status.QUEUED, Status.DELAYED, Status.UNREPORTED);

  private static final String LOCAL = "local";

  private final JournalReader reader;
  private final Set<String> mtaNames;

  Joiner(JournalReader reader, Settings settings) {
    this.reader = reader;
    this.mtaNames =
        Stream.concat(settings.mtaNames().stream(), Stream.of(settings.hostName()))
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** A message as far as the journal knows it, or as far as we do. */
  record Subject(MessageKey key, Optional<MessageState> known, Optional<Event.Received> received) {
    static Subject of(MessageState known) {
      return new Subject(known.key(), Optional.of(known), Optional.empty());
    }
  }

  Set<String> mtaNames() {
    return mtaNames;
  }

  /**
   * What the journal has under a queue id of ours.
   *
   * @param same the message itself
   * @param other one that is open there, and is not the same by what is known of both
   */
  record Found(Optional<MessageState> same, Optional<MessageState> other) {}

  /** The message of a Received field of ours: the journal's, or a new one when it has none. */
  Subject subject(
      HeaderSection.Facts facts,
      HeaderSection.Own own,
      Address sender,
      long size,
      List<Verdict> verdicts,
      Instant now) {
    return found(Claim.of(own.queueId(), facts, sender))
        .same()
        .map(Subject::of)
        .orElseGet(() -> made(facts, own, sender, size, verdicts, now));
  }

  /** A new one. */
  static Subject made(
      HeaderSection.Facts facts,
      HeaderSection.Own own,
      Address sender,
      long size,
      List<Verdict> verdicts,
      Instant now) {
    MessageKey key = new MessageKey(own.mta(), own.queueId(), now);
    Event.Received received =
        new Event.Received(
            now,
            Source.EGRESS,
            key,
            facts.messageId().or(facts::resent),
            sender,
            Optional.empty(),
            Client.UNKNOWN,
            size,
            facts.trail(),
            verdicts.stream().map(v -> BatchCodec.taken(v.recipient())).toList(),
            List.of());
    return new Subject(key, Optional.empty(), Optional.of(received));
  }

  /**
   * Looks for a message by its queue id. Postfix uses its short ones again, when the message that
   * had one is done with.
   */
  Found found(Claim claim) {
    Optional<MessageState> newest =
        reader.inQueue(claim.queueId(), Optional.empty()).filter(this::isOurs);
    if (newest.isEmpty() || newest.filter(claim::agrees).isPresent()) {
      return new Found(newest, Optional.empty());
    }
    List<MessageState> all =
        reader.find(query(claim.queueId())).stream().filter(this::isOurs).toList();
    Optional<MessageState> same = all.stream().filter(claim::agrees).findFirst();
    return same.isPresent()
        ? new Found(same, Optional.empty())
        : new Found(same, all.stream().filter(Joiner::isOpen).findFirst());
  }

  private boolean isOurs(MessageState state) {
    return mtaNames.contains(state.key().mta().toLowerCase(Locale.ROOT));
  }

  private static boolean isOpen(MessageState message) {
    return message.recipients().stream()
        .anyMatch(r -> !r.status().isFinal() || r.status() == Status.UNREPORTED);
  }

  /**
   * Messages that a transaction without a queue id may be about.
   *
   * @param complete whether there are no others
   */
  record Candidates(List<MessageState> messages, boolean complete) {
    /** The one that it must be about. */
    Optional<Subject> only() {
      return complete && messages.size() == 1
          ? Optional.of(Subject.of(messages.get(0)))
          : Optional.empty();
    }

    /** Those with the Message-ID of a content, which has no queue id. */
    Candidates of(HeaderSection.Facts facts) {
      return new Candidates(
          messages.stream().filter(m -> Claim.agree(m, facts.messageId(), facts.resent())).toList(),
          complete);
    }

    /** Without those that came after a moment. */
    Candidates before(Instant moment) {
      return new Candidates(
          messages.stream().filter(m -> !m.key().receivedAt().isAfter(moment)).toList(), complete);
    }

    @Override
    public String toString() {
      String ids = messages.stream().map(m -> m.key().id()).collect(Collectors.joining(", "));
      return (ids.isEmpty() ? "none" : ids) + (complete ? "" : ", of more than are looked at");
    }
  }

  /** The message of a Received field of ours, if the journal has it. */
  Candidates named(HeaderSection.Facts facts, Address sender) {
    Claim claim = Claim.of(facts.own().orElseThrow().queueId(), facts, sender);
    return new Candidates(found(claim).same().stream().toList(), true);
  }

  /** Messages of the sender in which all these recipients are open. */
  Candidates candidates(Address sender, List<Verdict> verdicts) {
    Address first = verdicts.get(0).recipient();
    Map<MessageKey, MessageState> open = new LinkedHashMap<>();
    boolean complete = true;
    for (Status status : POSSIBLE) {
      List<MessageState> found = reader.find(query(sender, first, status));
      complete &= found.size() < CANDIDATES;
      found.stream()
          .filter(m -> verdicts.stream().allMatch(v -> isOpen(m, v.recipient())))
          .forEach(m -> open.put(m.key(), m));
    }
    return new Candidates(List.copyOf(open.values()), complete);
  }

  private static Query query(QueueId queueId) {
    Query all = Query.all();
    return new Query(
        all.text(),
        all.messageId(),
        Optional.of(queueId.text()),
        all.remoteQueueId(),
        all.sender(),
        all.recipient(),
        all.status(),
        all.since(),
        all.until(),
        CANDIDATES);
  }

  private static Query query(Address sender, Address recipient, Status status) {
    Query all = Query.all();
    return new Query(
        all.text(),
        all.messageId(),
        all.queueId(),
        all.remoteQueueId(),
        Optional.of(sender),
        // A mailbox without its domain is in no index.
        Optional.of(recipient).filter(address -> !address.domain().isEmpty()),
        Optional.of(status),
        all.since(),
        all.until(),
        CANDIDATES);
  }

  private static boolean isOpen(MessageState message, Address recipient) {
    return rows(message, recipient)
        .anyMatch(r -> !r.status().isFinal() || (r.status() == Status.UNREPORTED && isLocal(r)));
  }

  /**
   * The rows that an address in the envelope is about. Where it is nobody's, it may be the given
   * one of a recipient whom sendmail meant to deliver to under another name, and does not any more:
   * it looks that up anew in each queue run.
   */
  static Stream<RecipientState> rows(MessageState message, Address recipient) {
    List<RecipientState> rows =
        message.recipients().stream().filter(row -> isAbout(row, recipient)).toList();
    return rows.isEmpty()
        ? message.recipients().stream()
            .filter(row -> row.asked().isPresent())
            .filter(row -> row.recipient().original().equals(Optional.of(recipient)))
        : rows.stream();
  }

  /**
   * Sendmail gives its local mailer, also where that is LMTP, the mailbox without its domain
   * ({@code EnvToL} of cf/mailer/local.m4), so that one mailbox can be all that is left of several
   * addresses.
   */
  private static boolean isAbout(RecipientState row, Address recipient) {
    return row.recipient().address().equals(recipient)
        || (recipient.domain().isEmpty()
            && isLocal(row)
            && mailbox(row.recipient().address()).equals(mailbox(recipient)));
  }

  private static boolean isLocal(RecipientState row) {
    return row.mailer().filter(LOCAL::equals).isPresent();
  }

  /** Without domain and {@code +detail}, in lower case: the local mailer has no flag u. */
  private static String mailbox(Address address) {
    String text = address.text().toLowerCase(Locale.ROOT);
    int at = text.lastIndexOf('@');
    String local = at < 0 ? text : text.substring(0, at);
    int plus = local.indexOf('+');
    return plus <= 0 ? local : local.substring(0, plus);
  }
}
