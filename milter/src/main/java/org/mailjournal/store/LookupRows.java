package org.mailjournal.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows on their way into the table of look-ups. Their hashes are random, so that each would touch a
 * page of its own there; in order, a page is touched once for all that go to it.
 */
final class LookupRows {
  private final int[] hashes;
  private final long[] messages;

  /** By the hash, as far as it goes, the last row of a chain; by a row the one before; from 1. */
  private final int[] last;

  private final int[] before;
  private int count;

  /** With room for so many: each takes 20 bytes, and 8 more while they are sorted. */
  LookupRows(int most) {
    this.hashes = new int[most];
    this.messages = new long[most];
    this.last = new int[most];
    this.before = new int[most];
  }

  /** Takes a row in order. */
  interface Visitor {
    void visit(int hash, long message) throws SQLException;
  }

  boolean isFull() {
    return count == hashes.length;
  }

  void add(int hash, long message) {
    hashes[count] = hash;
    messages[count] = message;
    before[count] = last[bucket(hash)];
    count++;
    last[bucket(hash)] = count;
  }

  private int bucket(int hash) {
    return Math.floorMod(hash, last.length);
  }

  /** The messages of a hash with smaller numbers than that. */
  List<Long> below(int hash, long message) {
    List<Long> found = new ArrayList<>();
    for (int row = last[bucket(hash)]; row > 0; row = before[row - 1]) {
      if (hashes[row - 1] == hash && messages[row - 1] < message) {
        found.add(messages[row - 1]);
      }
    }
    return found;
  }

  /** Gives all of them by their hashes, and keeps none. */
  void giveTo(Visitor visitor) throws SQLException {
    long[] order = new long[count];
    for (int row = 0; row < count; row++) {
      order[row] = ((long) hashes[row] << Integer.SIZE) | row;
    }
    Arrays.sort(order);
    for (long place : order) {
      int row = (int) place;
      visitor.visit(hashes[row], messages[row]);
    }
    count = 0;
    Arrays.fill(last, 0);
  }
}
