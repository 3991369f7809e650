package org.mailjournal.egress;

import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Remote;

/**
 * What became of one recipient in one transaction.
 *
 * @param mailbox whether the next hop serves the mailbox itself (LMTP)
 * @param note what is to be known besides
 * @param fingerprint of what it got; absent without content
 */
record Verdict(
    Address recipient,
    Answer answer,
    Remote remote,
    boolean mailbox,
    Optional<String> note,
    Optional<String> fingerprint) {
  Verdict withNote(String text) {
    return new Verdict(recipient, answer, remote, mailbox, Optional.of(text), fingerprint);
  }
}
