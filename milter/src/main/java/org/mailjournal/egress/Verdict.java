package org.mailjournal.egress;

import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Status;

/**
 * What became of one recipient in one transaction.
 *
 * @param mailbox whether the next hop serves the mailbox itself (LMTP)
 * @param note what is to be known besides
 * @param fingerprint of what it got; absent without content
 * @param heard whether our client heard the answer, or will; if not, even what is refused for good
 *     is tried again
 */
record Verdict(
    Address recipient,
    Answer answer,
    Remote remote,
    boolean mailbox,
    Optional<String> note,
    Optional<String> fingerprint,
    boolean heard) {
  private static final int TEMPORARY = 4;

  Verdict withNote(String text) {
    return new Verdict(recipient, answer, remote, mailbox, Optional.of(text), fingerprint, heard);
  }

  Verdict unheard(String text) {
    return new Verdict(recipient, answer, remote, mailbox, Optional.of(text), fingerprint, false);
  }

  Status status() {
    return heard ? answer.status(mailbox) : Status.DELAYED;
  }

  /** Absent where it says the opposite of the status. */
  Optional<EnhancedStatus> dsn() {
    return answer.dsn().filter(dsn -> heard || dsn.category() == TEMPORARY);
  }
}
