package org.mailjournal.protocol;

import java.util.List;
import java.util.Optional;
import org.nightcode.milter.CommandCode;

/** What the MTA says: one packet of it. Names and letters are those of libmilter's mfdef.h. */
public sealed interface Command {
  /** The packet's letter, by name. */
  CommandCode code();

  /** SMFIC_OPTNEG: what the MTA can. */
  record Negotiate(int version, int actions, int steps) implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_OPTNEG;
    }
  }

  /**
   * SMFIC_MACRO: macros for the command that follows.
   *
   * @param stage that command's letter
   * @param words name, value, name, value …
   */
  record Define(char stage, List<Octets> words) implements Command {
    public Define {
      words = List.copyOf(words);
    }

    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_MACRO;
    }
  }

  /**
   * SMFIC_CONNECT: a client of the MTA.
   *
   * @param hostName as the MTA calls it
   * @param address its IP address in text; absent for a local one and for an unknown one
   */
  record Connect(Octets hostName, Optional<String> address) implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_CONNECT;
    }
  }

  /** SMFIC_HELO: HELO, EHLO or LHLO. */
  record Helo(Octets name) implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_HELO;
    }
  }

  /** SMFIC_MAIL: the reverse-path and the ESMTP parameters. */
  record Mail(Octets path, List<Octets> parameters) implements Command {
    public Mail {
      parameters = List.copyOf(parameters);
    }

    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_MAIL;
    }
  }

  /** SMFIC_RCPT: a forward-path and its ESMTP parameters. */
  record Recipient(Octets path, List<Octets> parameters) implements Command {
    public Recipient {
      parameters = List.copyOf(parameters);
    }

    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_RCPT;
    }
  }

  /** SMFIC_DATA. */
  record Data() implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_DATA;
    }
  }

  /**
   * SMFIC_HEADER: one field.
   *
   * @param value all that stood behind the colon, the space included; lines end in LF
   */
  record Header(Octets name, Octets value) implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_HEADER;
    }
  }

  /** SMFIC_EOH. */
  record EndOfHeaders() implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_EOH;
    }
  }

  /** SMFIC_BODY: a piece of the body, cut anywhere; lines end in CR LF. */
  record Body(Octets piece) implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_BODY;
    }
  }

  /** SMFIC_BODYEOB: the end of the message, which may bring a last piece of the body. */
  record EndOfMessage(Octets piece) implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_EOB;
    }
  }

  /** SMFIC_ABORT: no more of this message. */
  record Abort() implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_ABORT;
    }
  }

  /** SMFIC_QUIT: the end of the connection. */
  record Quit() implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_QUIT;
    }
  }

  /** SMFIC_QUIT_NC: another client follows on this connection. */
  record QuitNewConnection() implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_QUIT_NC;
    }
  }

  /** SMFIC_UNKNOWN: an SMTP command that the MTA does not know. */
  record Unknown() implements Command {
    @Override
    public CommandCode code() {
      return CommandCode.SMFIC_UNKNOWN;
    }
  }
}
