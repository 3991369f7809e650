package org.mailjournal.protocol;

import static org.nightcode.milter.CommandCode.SMFIC_ABORT;
import static org.nightcode.milter.CommandCode.SMFIC_BODY;
import static org.nightcode.milter.CommandCode.SMFIC_CONNECT;
import static org.nightcode.milter.CommandCode.SMFIC_DATA;
import static org.nightcode.milter.CommandCode.SMFIC_EOB;
import static org.nightcode.milter.CommandCode.SMFIC_EOH;
import static org.nightcode.milter.CommandCode.SMFIC_HEADER;
import static org.nightcode.milter.CommandCode.SMFIC_HELO;
import static org.nightcode.milter.CommandCode.SMFIC_MACRO;
import static org.nightcode.milter.CommandCode.SMFIC_MAIL;
import static org.nightcode.milter.CommandCode.SMFIC_OPTNEG;
import static org.nightcode.milter.CommandCode.SMFIC_QUIT;
import static org.nightcode.milter.CommandCode.SMFIC_QUIT_NC;
import static org.nightcode.milter.CommandCode.SMFIC_RCPT;
import static org.nightcode.milter.CommandCode.SMFIC_UNKNOWN;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.nightcode.milter.CommandCode;

/** Where a connection stands, and what the MTA may say there. */
enum Phase {
  /** Connected; nothing was said. */
  NEGOTIATION(SMFIC_OPTNEG, SMFIC_QUIT),
  /** No message is open. */
  IDLE(
      SMFIC_MACRO,
      SMFIC_CONNECT,
      SMFIC_HELO,
      SMFIC_MAIL,
      SMFIC_UNKNOWN,
      SMFIC_ABORT,
      SMFIC_QUIT,
      SMFIC_QUIT_NC),
  /**
   * A message is open, its recipients come. HELO: Postfix tells of an EHLO in the middle of a
   * message first and sends the ABORT behind it. MAIL: a MAIL that another milter refused is not
   * followed by an ABORT.
   */
  ENVELOPE(
      SMFIC_MACRO,
      SMFIC_HELO,
      SMFIC_MAIL,
      SMFIC_RCPT,
      SMFIC_DATA,
      SMFIC_HEADER,
      SMFIC_EOH,
      SMFIC_BODY,
      SMFIC_EOB,
      SMFIC_UNKNOWN,
      SMFIC_ABORT,
      SMFIC_QUIT,
      SMFIC_QUIT_NC),
  /** A message is open, its header section or body comes. */
  CONTENT(
      SMFIC_MACRO,
      SMFIC_HEADER,
      SMFIC_EOH,
      SMFIC_BODY,
      SMFIC_EOB,
      SMFIC_UNKNOWN,
      SMFIC_ABORT,
      SMFIC_QUIT,
      SMFIC_QUIT_NC),
  /** The message is complete, the reply is not there yet, nothing is read. */
  DECISION,
  /** Over. */
  CLOSED;

  /** One bit for each command, by its letter. */
  private final long permitted;

  Phase(CommandCode... permitted) {
    long bits = 0;
    for (CommandCode command : permitted) {
      bits |= bit(command);
    }
    this.permitted = bits;
  }

  private static long bit(CommandCode command) {
    return 1L << (command.code() - 'A');
  }

  boolean permits(CommandCode command) {
    return (permitted & bit(command)) != 0;
  }

  /** A message was begun and is not yet complete. */
  boolean isOpen() {
    return this == ENVELOPE || this == CONTENT;
  }

  Set<CommandCode> expected() {
    return Arrays.stream(CommandCode.values())
        .filter(this::permits)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(CommandCode.class)));
  }
}
