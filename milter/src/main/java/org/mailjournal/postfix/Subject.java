package org.mailjournal.postfix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Status;

/** The journal's message that a request is about, and whom Postfix's addresses mean in it. */
final class Subject {
  private final MessageState state;
  private final List<Event.Accepted> accepted;
  private final boolean awaitsReceipt;
  private final QueueFile file;
  private Map<Long, QueueRecipient> queued;
  private final Map<Address, Event.Accepted> exact = new HashMap<>();
  private final Map<String, Event.Accepted> loose = new HashMap<>();

  /**
   * Whose mail went out through our relay, which sees an alias's target in the envelope and not the
   * address that it stands for: its row is the one with the next hop's own words.
   */
  private final Set<Recipient> toldByRelayOnly;

  /**
   * A message.
   *
   * @param awaitsReceipt whether a receipt of all its recipients will go to its sender
   * @param file what its queue file says
   */
  Subject(
      MessageState state, List<Event.Accepted> accepted, boolean awaitsReceipt, QueueFile file) {
    this.state = state;
    this.awaitsReceipt = awaitsReceipt;
    this.file = file;
    this.accepted = List.copyOf(accepted);
    this.toldByRelayOnly =
        state.recipients().stream()
            .filter(row -> row.asked().isEmpty() && row.status() != Status.REJECTED)
            .map(RecipientState::recipient)
            .collect(Collectors.toUnmodifiableSet());
    for (Event.Accepted one : accepted) {
      exact.putIfAbsent(one.address(), one);
      loose.putIfAbsent(spelling(one.address().text()), one);
    }
  }

  MessageState state() {
    return state;
  }

  boolean awaitsReceipt() {
    return awaitsReceipt;
  }

  /**
   * The recipient that a delivery agent means. Its record has the address that it delivered to, in
   * print; who that was in the dialogue stands in the queue file, byte for byte, where the agent
   * says so.
   */
  Recipient recipient(LogRecord record) {
    return record
        .offset()
        .flatMap(offset -> Optional.ofNullable(queued().get(offset)))
        .map(one -> recipient(one, record))
        .orElseGet(() -> recipient(record.recipient(), record.original(), record.orcpt()));
  }

  /** Made when the first record asks, which few of qmgr's requests come to. */
  private Map<Long, QueueRecipient> queued() {
    if (queued == null) {
      queued = new HashMap<>();
      file.recipients().forEach(one -> queued.putIfAbsent(one.offset(), one));
    }
    return queued;
  }

  private Recipient recipient(QueueRecipient one, LogRecord record) {
    Recipient queued = recipient(one);
    if (one.isWrittenAs(record.recipient())) {
      return queued;
    }
    // With enable_original_recipient = no the record has no original, and the file tells of one
    // only whom the dialogue named: one that Postfix added must not look like an alias's target.
    boolean isKnown = record.original().isPresent() || accepted(queued).isPresent();
    Optional<String> before = Optional.of(queued.accepted().text()).filter(any -> isKnown);
    return recipient(record.recipient(), before, one.orcpt());
  }

  /** The recipient that stands in the queue file. */
  Recipient recipient(QueueRecipient one) {
    return recipient(one.external(), one.externalOriginal(), one.orcpt());
  }

  /**
   * The recipient that Postfix means. It leaves the original address out where it differs in case
   * only, and writes both in its own quoting; the journal has them as the client wrote them.
   *
   * <p>Of mail by sendmail(1) the milter is shown what cleanup(8) made of the original, {@code
   * root@host} of {@code root} (cleanup_milter_emul_rcpt). The same stands in the ORCPT that
   * cleanup writes where the sender gave none (cleanup_addr.c).
   */
  private Recipient recipient(String address, Optional<String> original, Optional<String> orcpt) {
    Address delivered = new Address(address);
    if (original.isPresent() && toldByRelayOnly.contains(Recipient.of(delivered))) {
      return Recipient.of(delivered);
    }
    Optional<Address> known =
        original
            .map(before -> find(before).or(() -> orcpt.flatMap(this::findTyped)))
            .orElseGet(() -> find(address))
            .map(Event.Accepted::address);
    if (known.isPresent() && isSameMailbox(known.get(), delivered)) {
      return Recipient.of(known.get());
    }
    return new Recipient(delivered, known.or(() -> original.map(Address::new)));
  }

  /** What the sender's dialogue had for a recipient. */
  Optional<Event.Accepted> accepted(Recipient recipient) {
    return find(recipient.accepted().text());
  }

  /**
   * Whether a success of this recipient is news that somebody besides us asked for. Where Postfix
   * keeps no original address ({@code enable_original_recipient = no}) it cannot always be known
   * which recipient of the dialogue is meant; then it is, if anybody asked.
   */
  boolean asksSuccess(Recipient recipient) {
    return accepted(recipient)
        .map(one -> one.asked().success() || !one.marked())
        .orElseGet(
            () ->
                accepted.stream().anyMatch(one -> one.asked().success())
                    || accepted.stream().noneMatch(Event.Accepted::marked));
  }

  /** Whether the sender would hear that a delay is over ({@code confirm_delay_cleared}). */
  boolean asksDelay(Recipient recipient) {
    return accepted(recipient)
        .map(Event.Accepted::asked)
        .map(asked -> asked.byDefault() || asked.notices().contains(Asked.Notice.DELAY))
        .orElse(true);
  }

  boolean isMarked(Recipient recipient) {
    return accepted(recipient).filter(Event.Accepted::marked).isPresent();
  }

  /**
   * Whether the request is about this message at all. Postfix rewrites senders (canonical mapping),
   * so that another sender is doubtful only when no recipient agrees either.
   */
  boolean agrees(String sender) {
    if (spelling(sender).equals(spelling(state.sender().text()))) {
      return true;
    }
    List<String> addresses = new ArrayList<>();
    for (QueueRecipient recipient : file.recipients()) {
      addresses.add(recipient.address());
      recipient.original().ifPresent(addresses::add);
    }
    return addresses.stream().anyMatch(address -> find(address).isPresent());
  }

  private Optional<Event.Accepted> find(String address) {
    Event.Accepted found = exact.get(new Address(address));
    return Optional.ofNullable(found != null ? found : loose.get(spelling(address)));
  }

  /** By an ORCPT, {@code rfc822;a@x}: the type of an address, and the address. */
  private Optional<Event.Accepted> findTyped(String orcpt) {
    return find(orcpt.substring(orcpt.indexOf(';') + 1));
  }

  private static boolean isSameMailbox(Address one, Address other) {
    return new Address(Quoting.internal(one.text()))
        .equals(new Address(Quoting.internal(other.text())));
  }

  private static String spelling(String address) {
    return Quoting.internal(address).toLowerCase(Locale.ROOT);
  }
}
