package org.mailjournal.protocol;

/** The milter cannot listen, or its peer does not keep to the protocol, and why. */
public final class ProtocolException extends RuntimeException {
  private ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The place to listen at cannot be had. */
  static ProtocolException listen(Endpoint at, String problem, String cure, Throwable cause) {
    return new ProtocolException("milter listen: " + at + " " + problem + "; " + cure, cause);
  }

  /** A packet that cannot be read; never with what it holds. */
  static ProtocolException malformed(String packet, String expected, String got) {
    return new ProtocolException(
        "milter packet " + packet + ": expected " + expected + ", got " + got, null);
  }

  /** A packet that has no business here. */
  static ProtocolException outOfOrder(Phase phase, String got) {
    return new ProtocolException(
        "milter " + phase + ": expected one of " + phase.expected() + ", got " + got, null);
  }

  /** The MTA's offer lacks what we cannot do without. */
  static ProtocolException negotiation(String expected, String got) {
    return new ProtocolException(
        "milter negotiation: expected "
            + expected
            + ", got "
            + got
            + "; set milter_protocol to 2, 3, 4 or 6 (Postfix)",
        null);
  }
}
