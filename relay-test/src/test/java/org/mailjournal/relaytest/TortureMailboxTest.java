package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A message is put into a local mailbox once, however often MTAs die in a run. */
class TortureMailboxTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

  private static final Optional<String> LETTER = Optional.of("<letter@home.test>");

  @Test
  void anotherMessageUnderTheSameQueueIdIsNoSecondCopy() {
    TortureMailbox mailbox = new TortureMailbox();
    mailbox.add("A", LETTER, NOON);
    mailbox.add("A", Optional.of("<other@home.test>"), NOON.plusSeconds(9));

    assertEquals(0, mailbox.again());
    assertEquals(List.of(), mailbox.problems(at -> false));
    assertEquals(List.of(NOON), mailbox.delivered("A", LETTER));
  }

  @Test
  void aSecondCopyIsOfTheMtaThatDiedOverTheFirst() {
    TortureMailbox mailbox = new TortureMailbox();
    mailbox.add("A", LETTER, NOON);
    mailbox.add("A", LETTER, NOON.plusSeconds(9));
    mailbox.add("B", LETTER, NOON.plusSeconds(60));

    assertEquals(1, mailbox.again());
    assertEquals(List.of(), mailbox.problems(NOON::equals));
    assertEquals(
        List.of(
            "doubled: A was put into a mailbox at 2026-11-28T12:00:00Z,"
                + " and again at 2026-11-28T12:00:09Z"),
        mailbox.problems(at -> at.isAfter(NOON)));
  }
}
