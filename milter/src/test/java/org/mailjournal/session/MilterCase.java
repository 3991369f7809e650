package org.mailjournal.session;

import org.junit.jupiter.api.AfterEach;
import org.mailjournal.journal.Event;

/** Each test has a milter that records into memory. */
abstract class MilterCase {
  final Milter milter = new Milter();

  @AfterEach
  void close() {
    milter.close();
  }

  /** The record of the last message. */
  Event.Received received() {
    return milter.recorder().received();
  }
}
