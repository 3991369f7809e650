package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Ending;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Status;
import org.mailjournal.receipt.OriginalRecipients.Typed;

/** The part for programs: RFC 3464, or RFC 6533 where an address is not ASCII. */
final class DeliveryStatus {
  private static final String OURS = "X-Mail-Journal-";

  private final ZoneId zone;

  DeliveryStatus(ZoneId zone) {
    this.zone = zone;
  }

  Entity of(Notice notice) {
    MessageState message = notice.message();
    Excerpt excerpt = Excerpt.of(message);
    // In the sender's order, as long as there is room for all.
    List<RecipientState> reported =
        excerpt.others() == 0 ? message.recipients() : excerpt.recipients();
    boolean international = reported.stream().anyMatch(state -> isInternational(state, notice));
    StringBuilder groups = new StringBuilder(1024);
    groups.append(messageFields(notice, excerpt, international));
    for (RecipientState state : reported) {
      groups.append("\r\n").append(recipientFields(state, notice, international));
    }
    return Entity.lines(
        international ? "message/global-delivery-status" : "message/delivery-status",
        groups.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isInternational(RecipientState state, Notice notice) {
    return !Fields.isAscii(shown(state.recipient().address()))
        || original(state, notice).filter(typed -> !Fields.isAscii(typed.address())).isPresent();
  }

  /**
   * As the sender called it (RFC 3461 section 4.2), else as he gave it before the MTA changed it.
   */
  private static Optional<Typed> original(RecipientState state, Notice notice) {
    return notice
        .originals()
        .of(state.recipient())
        .map(typed -> new Typed(typed.type(), Shown.field(typed.address(), Shown.ADDRESS)))
        .or(() -> state.recipient().original().map(DeliveryStatus::typed));
  }

  private Fields messageFields(Notice notice, Excerpt excerpt, boolean international) {
    MessageState message = notice.message();
    Fields fields = new Fields(international);
    // RFC 3464 section 2.2.2: the MTA that attempted the delivery, by the name that it gave us.
    String mta = Shown.field(message.key().mta(), Shown.NAME);
    fields.addTyped("Reporting-MTA", "dns", mta);
    message
        .client()
        .name()
        .or(() -> message.client().helo())
        .filter(name -> !name.isBlank())
        .ifPresent(
            name -> fields.addTyped("Received-From-MTA", "dns", Shown.field(name, Shown.NAME)));
    fields.add("Arrival-Date", Moments.field(message.key().receivedAt(), zone));
    fields.addText(OURS + "Receipt", Shown.field(notice.receiptId(), Shown.NAME));
    fields.add(OURS + "Kind", notice.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    fields.add(OURS + "Queue-ID", message.key().queueId().text());
    message
        .messageId()
        .ifPresent(
            id -> fields.addText(OURS + "Message-ID", Shown.field(id.toString(), Shown.REPLY)));
    if (excerpt.others() > 0) {
      fields.add(OURS + "Recipients-Left-Out", Integer.toString(excerpt.others()));
    }
    return fields;
  }

  private Fields recipientFields(RecipientState state, Notice notice, boolean international) {
    Fields fields = new Fields(international);
    original(state, notice).ifPresent(original -> add(fields, "Original-Recipient", original));
    add(fields, "Final-Recipient", typed(state.recipient().address()));
    fields.add("Action", action(state));
    fields.add("Status", status(state));
    state
        .remote()
        .mta()
        .filter(mta -> !mta.isBlank())
        .ifPresent(mta -> fields.addTyped("Remote-MTA", "dns", Shown.field(mta, Shown.NAME)));
    diagnosis(fields, state);
    if (state.attempts() > 0) {
      fields.add("Last-Attempt-Date", Moments.field(state.at(), zone));
    }
    fields.add("Final-Log-ID", notice.message().key().queueId().text());
    ours(fields, state);
    return fields;
  }

  private static void add(Fields fields, String name, Typed address) {
    fields.addAddress(name, address.type(), address.address());
  }

  private static Typed typed(Address address) {
    String shown = shown(address);
    return new Typed(Fields.isAscii(shown) ? "rfc822" : "utf-8", shown);
  }

  private static String shown(Address address) {
    return Shown.field(address.text(), Shown.ADDRESS);
  }

  /**
   * RFC 3464 section 2.3.3 has no word for what nobody knows. {@code delayed} is the one that
   * claims neither success nor failure; our own field says what is meant. So it is with what was
   * refused for now: its client may bring it again, and no end is known.
   */
  private static String action(RecipientState state) {
    return switch (state.status()) {
      case REJECTED -> state.isRefusedForNow() ? "delayed" : "failed";
      case FAILED -> "failed";
      case QUEUED, DELAYED, UNREPORTED -> "delayed";
      case RELAYED -> "relayed";
      case DELIVERED -> "delivered";
      case EXPANDED -> "expanded";
    };
  }

  /** The code that came with the news if it is of the action's class, else the class alone. */
  private static String status(RecipientState state) {
    int category =
        switch (state.status()) {
          case REJECTED -> state.isRefusedForNow() ? 4 : 5;
          case FAILED -> 5;
          case QUEUED, DELAYED, UNREPORTED -> 4;
          case RELAYED, DELIVERED, EXPANDED -> 2;
        };
    // A message given up after many 4xx answers keeps the 4.x.x of the last one.
    boolean expired = state.status() == Status.FAILED;
    return state
        .dsn()
        .filter(dsn -> dsn.category() == category || (expired && dsn.category() == 4))
        .map(Object::toString)
        .orElse(category + ".0.0");
  }

  private static void diagnosis(Fields fields, RecipientState state) {
    Optional<String> reply = state.reply().map(DeliveryStatus::oneLine);
    Optional<String> reason = state.reason().map(DeliveryStatus::oneLine);
    if (reply.isPresent()) {
      fields.addTyped("Diagnostic-Code", "smtp", reply.get());
      reason.ifPresent(words -> fields.addText(OURS + "Reason", words));
    } else {
      reason.ifPresent(words -> fields.addTyped("Diagnostic-Code", "X-Mail-Journal", words));
    }
  }

  private static String oneLine(String words) {
    String line = words.strip().replace("\r\n", " ").replace('\n', ' ');
    return Shown.field(line, Shown.REPLY);
  }

  private static void ours(Fields fields, RecipientState state) {
    fields.add(OURS + "Status", state.status().word());
    state
        .ending()
        .filter(ending -> ending == Ending.PROGRAM || ending == Ending.NOWHERE)
        .ifPresent(e -> fields.add(OURS + "Ending", e.name().toLowerCase(Locale.ROOT)));
    fields.add(OURS + "Source", state.source().word());
    fields.add(OURS + "Attempts", Integer.toString(state.attempts()));
    fields.add(OURS + "Learnt-At", state.at().toString());
    state
        .remote()
        .address()
        .ifPresent(
            address -> fields.addText(OURS + "Remote-Address", Shown.field(address, Shown.NAME)));
    state
        .remote()
        .tls()
        .ifPresent(tls -> fields.addText(OURS + "TLS", Shown.field(tls, Shown.NAME)));
    state
        .remoteQueueId()
        .ifPresent(id -> fields.addText(OURS + "Remote-Queue-ID", Shown.field(id, Shown.NAME)));
  }
}
