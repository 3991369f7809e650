package org.mailjournal.egress;

/** Looks in a content for octets of its header section that need SMTPUTF8 (RFC 6532 section 3). */
final class EightBitHeader {
  private boolean ended;
  private boolean emptyLine = true;

  /** Whether there is one in the next block, in front of the empty line. */
  boolean isFoundIn(byte[] block, int length) {
    for (int i = 0; i < length && !ended; i++) {
      if (block[i] < 0) {
        return true;
      } else if (block[i] == '\n') {
        ended = emptyLine;
        emptyLine = true;
      } else if (block[i] != '\r') {
        emptyLine = false;
      }
    }
    return false;
  }
}
