package org.mailjournal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DaemonTest {
  @Test
  void itsLongestEndLeavesTimeToCloseTheJournalWithin30Seconds() {
    assertTrue(Daemon.LONGEST_DRAIN.compareTo(Duration.ofSeconds(25)) <= 0);
  }
}
