package org.mailjournal.protocol;

import java.util.concurrent.CompletionStage;

/**
 * One SMTP client of the MTA, as the milter hears of it. Calls come one after the other in an order
 * that the protocol allows, on the connection's event loop: no method may block. The macros are
 * those that are known at that moment, and may be asked during the call only.
 */
public interface MilterSession {
  void connect(Command.Connect command, Macros macros);

  void helo(Command.Helo command, Macros macros);

  /** A message begins. It ends with {@link #endOfMessage} or {@link #abort}. */
  void mail(Command.Mail command, Macros macros);

  /** A recipient, taken or refused by the MTA: its macros tell. */
  void recipient(Command.Recipient command, Macros macros);

  void data(Macros macros);

  void header(Command.Header command);

  void endOfHeaders(Macros macros);

  /** A piece of the body, cut anywhere; lines end in CR LF. */
  void body(Octets piece);

  /**
   * The message is complete. Nothing more is read from the MTA until the reply is there; it may
   * come from any thread. A failure is answered with a temporary one.
   */
  CompletionStage<Reply> endOfMessage(Macros macros);

  /** The message that is open will not be completed. */
  void abort();

  /** The client is gone; the last call. */
  void closed();
}
