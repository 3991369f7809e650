package org.mailjournal.cli;

/**
 * One thing that {@code journal check} found.
 *
 * @param problem what is wrong, with the value that is there
 * @param cure what to do about it, as a command where there is one
 */
record Finding(Kind kind, String problem, String cure) {
  enum Kind {
    /** A setting of ours or of the MTA's. */
    CONFIGURATION,
    /** The journal itself, or the daemon that writes it. */
    JOURNAL,
    /** May be meant so; does not count as a problem. */
    WARNING
  }

  static Finding configuration(String problem, String cure) {
    return new Finding(Kind.CONFIGURATION, problem, cure);
  }

  static Finding journal(String problem, String cure) {
    return new Finding(Kind.JOURNAL, problem, cure);
  }

  static Finding warning(String problem, String cure) {
    return new Finding(Kind.WARNING, problem, cure);
  }
}
