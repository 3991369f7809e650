package org.mailjournal.receipt;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Address;

/**
 * How receipts are written and sent.
 *
 * @param patience after which an interim receipt is due
 * @param submission where receipts are handed in
 * @param limit for one sender within an hour
 * @param from the address in the From field
 * @param name beside it
 * @param language absent for the message's own
 * @param returned what of the original is shown: {@code headers}, {@code fields} or {@code none}
 * @param machine this machine's name
 * @param hasQueueAudit whether the journal is told when the MTA did not take a message after all
 * @param hearsMailboxes whether the MTA's own mailer may tell later what became of a recipient
 * @param internalRelays addresses and networks, beside loopback, from which mail comes back
 */
public record ReceiptSettings(
    Duration patience,
    SubmissionSettings submission,
    int limit,
    Address from,
    String name,
    Optional<String> language,
    String returned,
    SigningSettings signing,
    String machine,
    String version,
    List<String> internalRelays,
    boolean hasQueueAudit,
    boolean hearsMailboxes) {
  public ReceiptSettings {
    internalRelays = List.copyOf(internalRelays);
  }
}
