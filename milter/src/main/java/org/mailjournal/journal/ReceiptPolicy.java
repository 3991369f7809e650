package org.mailjournal.journal;

import java.util.List;
import java.util.Optional;

/** Decides whose mail gets a receipt. Safe for use by many threads; never blocks. */
public interface ReceiptPolicy {
  /** Nobody gets one. */
  static ReceiptPolicy nobody() {
    return Nobody.INSTANCE;
  }

  /**
   * Whether a message may get one, by what is known at its beginning. Only then is its header
   * section looked at.
   */
  boolean mayGive(Address sender, Optional<String> authenticatedAs, Client client);

  /** Whether a field of that name has a say, given in lower case. */
  boolean looksAt(String fieldName);

  /**
   * Why the sender gets a receipt, in words; empty when he gets none.
   *
   * @param fields those that were looked at; all of them, or too many to be a person's mail
   */
  Optional<String> reason(Event.Received message, List<HeaderField> fields);

  /** The policy of a daemon that gives no receipts. */
  enum Nobody implements ReceiptPolicy {
    INSTANCE;

    @Override
    public boolean mayGive(Address sender, Optional<String> authenticatedAs, Client client) {
      return false;
    }

    @Override
    public boolean looksAt(String fieldName) {
      return false;
    }

    @Override
    public Optional<String> reason(Event.Received message, List<HeaderField> fields) {
      return Optional.empty();
    }
  }
}
