package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** A message and what became of its recipients, for the tests of receipts. */
record Facts(
    List<RecipientState> recipients,
    String header,
    Notice.Kind kind,
    List<String> languages,
    String sender,
    Optional<MessageId> messageId) {
  static final Instant HANDED_IN = Instant.parse("2026-11-24T09:00:58Z");
  static final ZoneId ZONE = ZoneId.of("Europe/Amsterdam");
  static final String OK = "250 2.0.0 Ok: queued as 51E02514002";

  static Facts of(RecipientState... recipients) {
    return new Facts(
        List.of(recipients),
        """
        From: Alice <alice@example.org>\r
        To: Bob <bob@example.com>\r
        Subject: Offer for the harbour wall\r
        Message-ID: <4B618D6A.2070804@example.org>\r
        References: <first@example.com> <second@example.com>\r
        """,
        Notice.Kind.FINAL,
        List.of(),
        "alice@example.org",
        Optional.of(new MessageId("4B618D6A.2070804@example.org")));
  }

  Facts header(String wanted) {
    return new Facts(recipients, wanted, kind, languages, sender, messageId);
  }

  Facts subject(String subject) {
    return header("Subject: " + subject + "\r\n");
  }

  Facts kind(Notice.Kind wanted) {
    return new Facts(recipients, header, wanted, languages, sender, messageId);
  }

  Facts languages(String... wanted) {
    return new Facts(recipients, header, kind, List.of(wanted), sender, messageId);
  }

  Facts sender(String wanted) {
    return new Facts(recipients, header, kind, languages, wanted, messageId);
  }

  Facts messageId(String wanted) {
    return new Facts(
        recipients, header, kind, languages, sender, Optional.of(new MessageId(wanted)));
  }

  MessageState message() {
    return new MessageState(
        new MessageKey("mail.example.org", new QueueId("4fK2Qm1Xz3zJ"), HANDED_IN),
        messageId,
        new Address(sender),
        Optional.of("alice"),
        new Client(
            Optional.of("laptop.example.org"),
            Optional.of("198.51.100.7"),
            Optional.of("laptop"),
            Optional.empty()),
        48_213,
        Source.MILTER,
        List.of(),
        List.of(),
        Set.of(),
        recipients);
  }

  Notice notice() {
    return new Notice(
        kind,
        message(),
        new Address(sender),
        Optional.of(header.getBytes(StandardCharsets.UTF_8)),
        languages,
        HANDED_IN.plusSeconds(6),
        "4fK2Qm1Xz3zJ.mhx2k1.final",
        OriginalRecipients.NONE,
        Optional.of("{\"events\":[]}\n".getBytes(StandardCharsets.UTF_8)));
  }

  /** How the message came, with this ORCPT of every recipient. */
  static List<RecordedEvent> received(MessageState message, String orcpt) {
    List<Event.Accepted> accepted =
        message.recipients().stream()
            .map(
                state ->
                    new Event.Accepted(
                        state.recipient().accepted(),
                        Asked.DEFAULT,
                        Optional.of(orcpt),
                        Optional.empty(),
                        false))
            .toList();
    return List.of(
        new RecordedEvent(
            1,
            new Event.Received(
                message.key().receivedAt(),
                message.source(),
                message.key(),
                message.messageId(),
                message.sender(),
                message.authenticatedAs(),
                message.client(),
                message.size(),
                message.trail(),
                accepted,
                List.of())));
  }

  static Composer.Settings settings(String language) {
    return new Composer.Settings(
        new Address("postmaster@mail.example.org"),
        "Mail Journal",
        "mail.example.org",
        language,
        ZONE,
        Composer.Returned.HEADERS);
  }

  static Composer composer(String language) {
    return new Composer(settings(language), entity -> entity);
  }

  static RecipientState relayed(String address) {
    return state(
        address, Status.RELAYED, "2.0.0", remote("mx.example.com", "192.0.2.1:25"), OK, null);
  }

  /** One that an alias put in another's place. */
  static RecipientState relayed(String address, String original) {
    RecipientState state = relayed(address);
    return new RecipientState(
        new Recipient(new Address(address), Optional.of(new Address(original))),
        state.asked(),
        state.mailer(),
        state.status(),
        state.dsn(),
        state.remote(),
        state.reply(),
        state.reason(),
        state.attempts(),
        state.source(),
        state.at());
  }

  static RecipientState failed(String address) {
    String reply = "550 5.1.1 <" + address + ">: Recipient address rejected: User unknown";
    return state(
        address, Status.FAILED, "5.1.1", remote("mx.example.net", "192.0.2.7:25"), reply, null);
  }

  static RecipientState delayed(String address) {
    String reply = "451 4.7.1 Greylisting in action, please come back later";
    return state(
        address,
        Status.DELAYED,
        "4.7.1",
        remote("mx2.example.nl", "[2001:db8::7]:25"),
        reply,
        null);
  }

  static RecipientState unreachable(String address) {
    String reason = "connect to mx.example.it[192.0.2.9]:25: Connection timed out";
    return state(address, Status.DELAYED, "4.4.1", Remote.NONE, null, reason);
  }

  static RecipientState rejected(String address) {
    String reason = "554 5.7.1 <" + address + ">: Relay access denied";
    return state(address, Status.REJECTED, "5.7.1", Remote.NONE, null, reason);
  }

  static RecipientState refusedForNow(String address) {
    String reason = "450 4.7.1 <" + address + ">: Recipient address rejected: Greylisted";
    return state(address, Status.REJECTED, "4.7.1", Remote.NONE, null, reason);
  }

  static RecipientState delivered(String address) {
    String words = "delivery via local: delivered to maildir";
    return state(address, Status.DELIVERED, "2.0.0", Remote.NONE, null, words);
  }

  static RecipientState queued(String address) {
    return state(address, Status.QUEUED, null, Remote.NONE, null, null);
  }

  static RecipientState expanded(String address) {
    return state(address, Status.EXPANDED, "2.0.0", Remote.NONE, null, "alias expanded");
  }

  static RecipientState unreported(String address) {
    return state(
        address, Status.UNREPORTED, null, Remote.NONE, null, "the message is no longer queued");
  }

  static RecipientState of(Status status, String address) {
    return switch (status) {
      case REJECTED -> rejected(address);
      case QUEUED -> queued(address);
      case DELAYED -> delayed(address);
      case RELAYED -> relayed(address);
      case DELIVERED -> delivered(address);
      case EXPANDED -> expanded(address);
      case FAILED -> failed(address);
      case UNREPORTED -> unreported(address);
    };
  }

  static Remote remote(String name, String address) {
    return new Remote(Optional.of(name), Optional.of(address), Optional.of("TLSv1.3"));
  }

  static RecipientState state(
      String address, Status status, String dsn, Remote remote, String reply, String reason) {
    return new RecipientState(
        Recipient.of(new Address(address)),
        Optional.of(Asked.DEFAULT),
        Optional.empty(),
        status,
        Optional.ofNullable(dsn).flatMap(EnhancedStatus::of),
        remote,
        Optional.ofNullable(reply),
        Optional.ofNullable(reason),
        status == Status.QUEUED || status == Status.REJECTED ? 0 : 1,
        Source.PASS,
        HANDED_IN.plusSeconds(4));
  }

  /** The same with other evidence. */
  static Notice withEvidence(Notice notice, Optional<byte[]> other) {
    return with(notice, notice.originalHeader(), notice.originals(), other);
  }

  /** The same with other words of the sender for his recipients. */
  static Notice withOriginals(Notice notice, OriginalRecipients other) {
    return with(notice, notice.originalHeader(), other, notice.evidence());
  }

  /** The same with another header section. */
  static Notice withHeader(Notice notice, Optional<byte[]> other) {
    return with(notice, other, notice.originals(), notice.evidence());
  }

  private static Notice with(
      Notice notice,
      Optional<byte[]> header,
      OriginalRecipients originals,
      Optional<byte[]> evidence) {
    return new Notice(
        notice.kind(),
        notice.message(),
        notice.to(),
        header,
        notice.contentLanguages(),
        notice.now(),
        notice.receiptId(),
        originals,
        evidence);
  }
}
