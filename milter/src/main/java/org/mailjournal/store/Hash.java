package org.mailjournal.store;

import org.mailjournal.journal.Address;

/**
 * What stands in the index in place of an id or address: 32 bits, so that among ten million
 * messages one look-up in about a hundred meets a stranger. Whoever looks up compares with the
 * message itself. Seeded per journal, so that nobody outside can make ids that meet; and apart by
 * what the text is, so that nobody can hide a queue id behind Message-IDs of the same words.
 */
record Hash(long seed) {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  int queueId(String id) {
    return of('q', id);
  }

  int remoteQueueId(String id) {
    return of('x', id);
  }

  /** Of the left part: whole Message-IDs are found through it as well. */
  int messageId(String left) {
    return of('m', left);
  }

  int sender(Address address) {
    return of('s', address.comparable());
  }

  int recipient(Address address) {
    return of('r', address.comparable());
  }

  private int of(char what, String text) {
    long hash = (seed ^ what) * FACTOR;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FACTOR;
      hash ^= hash >>> 29;
    }
    hash = (hash ^ text.length()) * FACTOR;
    return (int) (hash >>> 32);
  }
}
