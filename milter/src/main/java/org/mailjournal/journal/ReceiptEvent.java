package org.mailjournal.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A step on the way of a receipt to the sender of a message.
 *
 * <pre>
 * wanted ──▶ due (interim) ──▶ sent │ abandoned
 *    └─────▶ due (final) ────▶ sent │ abandoned      the end
 * </pre>
 *
 * <p>Each step comes once for each {@link ReceiptKind}: its identity sees to that.
 */
public sealed interface ReceiptEvent extends Event {
  MessageKey message();

  /** Whether no receipt of the message is to come behind it. */
  default boolean isLast() {
    return false;
  }

  @Override
  default Optional<MessageKey> about() {
    return Optional.of(message());
  }

  /**
   * The sender gets a receipt: decided at the end of the message and committed with it.
   *
   * @param to the sender, in whose mailbox the receipt will be
   * @param reason which rule or request it was, in words
   */
  record Wanted(Instant at, Source source, MessageKey message, Address to, String reason)
      implements ReceiptEvent {
    @Override
    public String kind() {
      return "receipt-wanted";
    }

    @Override
    public Optional<String> identity() {
      return Optional.of(kind());
    }
  }

  /**
   * The intention to send one, committed before anything is sent.
   *
   * @param receiptId the left part of its Message-ID, the same however often it is tried, and not
   *     to be guessed
   */
  record Due(Instant at, Source source, MessageKey message, ReceiptKind receipt, String receiptId)
      implements ReceiptEvent {
    @Override
    public String kind() {
      return "receipt-due";
    }

    @Override
    public Optional<String> identity() {
      return Optional.of(kind() + "\0" + receipt.word());
    }
  }

  /**
   * The submission server took it.
   *
   * @param reply its verbatim words, or how else that is known
   */
  record Sent(
      Instant at,
      Source source,
      MessageKey message,
      ReceiptKind receipt,
      String receiptId,
      String reply)
      implements ReceiptEvent {
    @Override
    public boolean isLast() {
      return receipt == ReceiptKind.FINAL;
    }

    @Override
    public String kind() {
      return "receipt-sent";
    }

    @Override
    public Optional<String> identity() {
      return Optional.of(kind() + "\0" + receipt.word());
    }
  }

  /**
   * It will not be sent.
   *
   * @param reason why, in words, with the server's reply where there is one
   */
  record Abandoned(
      Instant at, Source source, MessageKey message, ReceiptKind receipt, String reason)
      implements ReceiptEvent {
    @Override
    public boolean isLast() {
      return receipt == ReceiptKind.FINAL;
    }

    @Override
    public String kind() {
      return "receipt-abandoned";
    }

    @Override
    public Optional<String> identity() {
      return Optional.of(kind() + "\0" + receipt.word());
    }
  }
}
