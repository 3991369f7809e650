package org.mailjournal.relaytest;

/** The moments of an SMTP session at which an exchanger can do something out of the ordinary. */
public enum Stage {
  /** The connection is there, nothing has been said. */
  CONNECT,
  /** Instead of, or right behind, the 220 greeting. */
  BANNER,
  /** At EHLO, HELO or LHLO. */
  EHLO,
  MAIL,
  RCPT,
  /** At the DATA command, before the message. */
  DATA,
  /** Behind the final dot: the message is there, nothing has been answered. */
  DOT
}
