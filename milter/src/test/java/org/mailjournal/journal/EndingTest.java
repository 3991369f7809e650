package org.mailjournal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Postfix's own words for what ended on its machine. */
final class EndingTest {
  @ParameterizedTest
  @CsvSource({
    "DELIVERED, delivery via local: delivered to mailbox, MAILBOX",
    "DELIVERED, delivery via local: delivered to maildir, MAILBOX",
    "DELIVERED, delivery via virtual: delivered to maildir, MAILBOX",
    "DELIVERED, delivery via local: delivered to command: /usr/bin/procmail, PROGRAM",
    "DELIVERED, delivery via local: delivered to file: /var/mail/lists, MAILBOX",
    "DELIVERED, delivery via local: delivered to file: /dev/null, NOWHERE",
    "DELIVERED, delivery via local: discarded, NOWHERE",
    "DELIVERED, one.test, NOWHERE",
    "DELIVERED, silently, NOWHERE",
    "RELAYED, delivery via dovecot: delivered via dovecot service, PROGRAM"
  })
  void withoutAFarSideTheMtasWordsTell(Status status, String reason, Ending ending) {
    assertEquals(Optional.of(ending), state(status, Remote.NONE, null, reason).ending());
  }

  @Test
  void aFarSideIsAMailSystemOrAMailboxServer() {
    Remote far = new Remote(Optional.of("mx.test"), Optional.empty(), Optional.empty());

    assertEquals(
        Optional.of(Ending.MAIL_SYSTEM), state(Status.RELAYED, far, "250 ok", null).ending());
    assertEquals(
        Optional.of(Ending.MAIL_SYSTEM),
        state(Status.RELAYED, Remote.NONE, "250 ok", null).ending());
    assertEquals(
        Optional.of(Ending.MAILBOX), state(Status.DELIVERED, far, "250 saved", null).ending());
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RELAYED", "DELIVERED"})
  void noOtherStatusIsAnEndOfThatKind(Status status) {
    assertEquals(Optional.empty(), state(status, Remote.NONE, null, null).ending());
  }

  private static RecipientState state(Status status, Remote remote, String reply, String reason) {
    return new RecipientState(
        Recipient.of(new Address("a@one.test")),
        Optional.empty(),
        Optional.empty(),
        status,
        Optional.empty(),
        remote,
        Optional.ofNullable(reply),
        Optional.ofNullable(reason),
        1,
        Source.PASS,
        Instant.EPOCH);
  }
}
