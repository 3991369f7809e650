package org.mailjournal.journal;

import java.security.MessageDigest;

/**
 * The SHA-256 of a body in DKIM's relaxed canonical form (RFC 6376 section 3.4.4), fed in any
 * pieces: no space at the end of a line, single spaces within, no empty lines at the end, and a
 * line end behind the last line.
 *
 * <p>Line ends may be CR LF or LF, as the copy in a mailbox has them. CRs in front of an LF belong
 * to the line end; a CR elsewhere is an octet like others.
 */
final class RelaxedBody {
  private static final int BUFFER = 1024;

  private final MessageDigest digest = ContentHasher.sha256();
  private final byte[] out = new byte[BUFFER];
  private int length;
  private boolean written;

  /** Line ends, a space and CRs that come out only if something follows. */
  private long lineEnds;

  private boolean space;
  private long returns;

  void update(byte[] octets, int from, int count) {
    int end = from + count;
    for (int i = from; i < end; i++) {
      byte octet = octets[i];
      if ((octet & 0xFF) > ' ' && !space && lineEnds == 0 && returns == 0) {
        put(octet);
        continue;
      }
      switch (octet) {
        case '\n' -> endLine();
        case '\r' -> returns++;
        case ' ', '\t' -> {
          if (returns > 0) {
            owed();
          }
          space = true;
        }
        default -> {
          owed();
          put(octet);
        }
      }
    }
  }

  private void endLine() {
    lineEnds++;
    space = false;
    returns = 0;
  }

  private void owed() {
    for (; lineEnds > 0; lineEnds--) {
      put((byte) '\r');
      put((byte) '\n');
    }
    if (space) {
      put((byte) ' ');
      space = false;
    }
    for (; returns > 0; returns--) {
      put((byte) '\r');
    }
  }

  private void put(byte octet) {
    if (length == BUFFER) {
      flush();
    }
    out[length++] = octet;
    written = true;
  }

  private void flush() {
    digest.update(out, 0, length);
    length = 0;
  }

  byte[] digest() {
    if (written) {
      put((byte) '\r');
      put((byte) '\n');
    }
    flush();
    return digest.digest();
  }
}
