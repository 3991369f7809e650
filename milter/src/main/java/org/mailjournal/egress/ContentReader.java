package org.mailjournal.egress;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the content of one message from our client, block by block and as it stands on the wire:
 * what arrives stuffed with dots goes on stuffed with the same dots (RFC 5321 section 4.5.2), so
 * that nothing needs to be changed.
 *
 * <p>Only CRLF ends a line and only CRLF.CRLF ends the content (section 2.3.8). A bare CR or LF
 * would be a line end to some next hops, and {@code LF.LF} an end of data, behind which a sender
 * could hide commands of his own (SMTP smuggling, CVE-2023-51764, -51765, -51766): a message with
 * one is not passed on, and read to its true end.
 *
 * <pre>
 *   LINE ──.──▶ DOT ──CR──▶ DOT_CR ──LF──▶ END
 *    ▲ └─┐other  └─other─┐
 *    │   ▼               ▼
 *    │  TEXT ◀───────────┘       CR anywhere ──▶ CR ──LF──▶ LINE
 *    └────────────────────────────────────────────┘
 * </pre>
 */
final class ContentReader {
  /** No more than half of the mark below, so that the mark always holds. */
  static final int BLOCK = 8192;

  private enum State {
    LINE,
    DOT,
    DOT_CR,
    TEXT,
    CR,
    END
  }

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private State state = State.LINE;
  private boolean broken;
  private long size;

  /** Needs a stream with marks: what follows the content is left in it. */
  ContentReader(InputStream in) {
    this.in = in;
  }

  /** The bytes of the last block. */
  byte[] block() {
    return block;
  }

  /**
   * How many bytes of content are in the next block, its end included; -1 when there is no more.
   */
  int next() throws IOException {
    if (state == State.END) {
      return -1;
    }
    in.mark(2 * BLOCK);
    int length = in.read(block, 0, BLOCK);
    for (int i = 0; i < length; i++) {
      step(block[i]);
      if (state == State.END) {
        in.reset();
        in.skipNBytes(i + 1L);
        return i + 1;
      }
    }
    return length;
  }

  private void step(byte octet) {
    size++;
    State before = state;
    state =
        switch (octet) {
          case '\n' -> lineFeed();
          case '\r' -> before == State.DOT ? State.DOT_CR : State.CR;
          case '.' -> before == State.LINE ? State.DOT : State.TEXT;
          default -> State.TEXT;
        };
    if (octet != '\n' && (before == State.CR || before == State.DOT_CR)) {
      broken = true;
    }
    boolean stuffed =
        (before == State.DOT && state != State.DOT_CR)
            || (before == State.DOT_CR && state != State.END);
    size -= stuffed ? 1 : 0;
  }

  private State lineFeed() {
    if (state == State.CR) {
      return State.LINE;
    } else if (state == State.DOT_CR) {
      return State.END;
    }
    broken = true;
    return State.TEXT;
  }

  /** Whether the end of data was read. */
  boolean hasEnded() {
    return state == State.END;
  }

  /** Whether a bare CR or a bare LF was met. */
  boolean isBroken() {
    return broken;
  }

  /**
   * Octets of the message so far, without stuffed dots; without the end of data when it was read.
   */
  long size() {
    return state == State.END ? size - ".\r\n".length() : size;
  }
}
