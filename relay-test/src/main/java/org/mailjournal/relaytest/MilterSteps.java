package org.mailjournal.relaytest;

/** The bits of a milter's negotiated protocol (SMFIP_*, milter protocol version 6). */
final class MilterSteps {
  static final int RCPT_REJ = 1 << 11;
  static final int HDR_LEADSPC = 1 << 20;

  private MilterSteps() {}

  /** Whether the milter said that it does not want this event. */
  static boolean notWanted(char command, int steps) {
    return isSet(
        steps,
        switch (command) {
          case 'C' -> 0;
          case 'H' -> 1;
          case 'M' -> 2;
          case 'R' -> 3;
          case 'B' -> 4;
          case 'L' -> 5;
          case 'N' -> 6;
          case 'U' -> 8;
          case 'T' -> 9;
          default -> -1;
        });
  }

  /** Whether the milter said that it does not answer this event. */
  static boolean notAnswered(char command, int steps) {
    return isSet(
        steps,
        switch (command) {
          case 'L' -> 7;
          case 'C' -> 12;
          case 'H' -> 13;
          case 'M' -> 14;
          case 'R' -> 15;
          case 'T' -> 16;
          case 'U' -> 17;
          case 'N' -> 18;
          case 'B' -> 19;
          default -> -1;
        });
  }

  private static boolean isSet(int steps, int bit) {
    return bit >= 0 && (steps & (1 << bit)) != 0;
  }
}
