package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.request;
import static org.mailjournal.postfix.TapHouse.unmarked;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.MessageKey;

/**
 * Mail by sendmail(1): the milter is shown the address that cleanup(8) made, and Postfix's files
 * have the one that was given as the original.
 */
class MailBySendmailTest extends TapCase {
  private static final String RECORD =
      """

      recipient=%s
      original_recipient=%s
      dsn_orig_rcpt=%s
      status=5.1.1
      action=failed
      reason=unknown user

      """;

  @BeforeEach
  void open() throws IOException {
    house.started();
    house.service("bounce", () -> 0);
    house.service("trace", () -> 0);
  }

  private void bounced(String address, String original, String orcpt) throws IOException {
    house.file("bounce/" + ID, RECORD.formatted(address, original, orcpt));
    assertEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));
  }

  @Test
  void anAddressWithoutADomainIsTheOneThatWasCompleted() throws IOException {
    MessageKey key = house.received(ID, "s@x", unmarked("root@x"));

    bounced("root@x", "root", "rfc822;root@x");

    assertEquals(List.of("failed root@x"), house.rows(key));
  }

  @Test
  void aRenamedRecipientIsTheOneThatItWasRenamedTo() throws IOException {
    MessageKey key = house.received(ID, "s@x", unmarked("ann.lee@x"), unmarked("bob@x"));

    bounced("ann.lee@x", "al@x", "rfc822;ann.lee@x");

    assertEquals(List.of("failed ann.lee@x", "queued bob@x"), house.rows(key));
  }

  @Test
  void theTargetOfAnAliasStandsForTheCompletedAddress() throws IOException {
    MessageKey key = house.received(ID, "s@x", unmarked("root@x"));

    bounced("admin@y", "root", "rfc822;root@x");

    assertEquals(List.of("queued root@x", "failed admin@y of root@x"), house.rows(key));
  }

  @Test
  void whoIsInNoDialogueIsNobodysOther() throws IOException {
    MessageKey key = house.received(ID, "s@x", unmarked("root@x"));

    bounced("store@y", "archive@x", "");

    assertEquals(List.of("queued root@x", "failed store@y of archive@x"), house.rows(key));
  }

  @Test
  void theQueueFileMeansTheSameRecipients() throws IOException {
    MessageKey key = house.received(ID, "s@x", unmarked("root@x"), unmarked("ann.lee@x"));
    house.queueFile(
        "active/" + ID,
        TapHouse.RECEIVED.getEpochSecond() - 1,
        "s@x",
        "Adsn_orig_rcpt=rfc822;root@x",
        "Oroot",
        "Droot@x",
        "Adsn_orig_rcpt=rfc822;ann.lee@x",
        "Oal",
        "Dann.lee@x");
    String record = RECORD.formatted("root@x", "root", "rfc822;root@x");
    house.file("trace/" + ID, record.replace("failed", "delivered"));

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(List.of("delivered root@x", "unreported ann.lee@x"), house.rows(key));
  }
}
