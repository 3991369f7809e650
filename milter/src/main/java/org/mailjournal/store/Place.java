package org.mailjournal.store;

import java.util.OptionalLong;

/**
 * Where an event stands in the file.
 *
 * @param sequence its number
 * @param message the number of the message that it concerns, if it concerns one
 */
record Place(long sequence, OptionalLong message) {
  /** From which its moment is counted, in milliseconds. */
  long base() {
    return EventCodec.base(message);
  }
}
