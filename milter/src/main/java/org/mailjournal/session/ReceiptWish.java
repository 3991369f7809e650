package org.mailjournal.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.HeaderField;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.protocol.Octets;

/**
 * The header section of a message whose sender may get a receipt: what the policy looks at, and
 * what the receipt will quote. Exists for such messages only, and is forgotten with them.
 */
final class ReceiptWish {
  /** More fields that have a say are no person's mail. */
  private static final int MOST_FIELDS = 100;

  private static final int LONGEST_VALUE = 1_024;
  private static final int LONGEST_NAME = 256;

  private final ReceiptPolicy policy;
  private final ByteArrayOutputStream section = new ByteArrayOutputStream(2_048);
  private final List<HeaderField> fields = new ArrayList<>();
  private boolean tooMany;

  ReceiptWish(ReceiptPolicy policy) {
    this.policy = policy;
  }

  void header(Octets name, Octets value) {
    look(name, value);
    ByteArrayOutputStream field = new ByteArrayOutputStream(name.length() + value.length() + 8);
    field.writeBytes(name.toArray());
    field.write(':');
    byte[] text = value.toArray();
    for (int i = 0; i < text.length; i++) {
      // MTAs end the lines of a folded field in LF here.
      if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) {
        field.write('\r');
      }
      field.write(text[i]);
    }
    field.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    if (section.size() + field.size() <= KeptHeader.MOST) {
      section.writeBytes(field.toByteArray());
    }
  }

  private void look(Octets name, Octets value) {
    if (name.length() > LONGEST_NAME) {
      return;
    }
    String written = Text.of(name);
    if (!policy.looksAt(written.strip().toLowerCase(Locale.ROOT))) {
      return;
    }
    if (fields.size() == MOST_FIELDS) {
      tooMany = true;
      return;
    }
    byte[] all = value.toArray();
    byte[] head = all.length > LONGEST_VALUE ? Arrays.copyOf(all, LONGEST_VALUE) : all;
    String text = Bytes.text(head).replace("\r", "").replace("\n", "");
    fields.add(new HeaderField(written.strip(), text.strip()));
  }

  /** What is kept if the sender gets a receipt; that he does joins the events. */
  Optional<KeptHeader> granted(Event.Received received, List<Event> events) {
    Optional<String> reason =
        tooMany ? Optional.empty() : policy.reason(received, List.copyOf(fields));
    reason.ifPresent(
        why ->
            events.add(
                new ReceiptEvent.Wanted(
                    received.at(), received.source(), received.message(), received.sender(), why)));
    byte[] kept = section.toByteArray();
    return reason.map(why -> new KeptHeader(received.message(), Bytes.head(kept, KeptHeader.MOST)));
  }
}
