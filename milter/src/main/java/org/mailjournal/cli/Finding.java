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

  /** Nobody listens at a place of the daemon's. */
  static Finding away(String place, String words, String otherwise) {
    return journal(
        place + ": nobody answers there (" + words + ")" + otherwise,
        "start the daemon: systemctl start mail-journal, or journal run");
  }

  /** Somebody listens, and does not speak. */
  static Finding silent(String place, String words, String otherwise) {
    return journal(
        place + ": the daemon does not answer there (" + words + "), so " + otherwise,
        "see in its log what holds it (journalctl -u mail-journal), and restart it: systemctl"
            + " restart mail-journal");
  }

  static Finding warning(String problem, String cure) {
    return new Finding(Kind.WARNING, problem, cure);
  }
}
