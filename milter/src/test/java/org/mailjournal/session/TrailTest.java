package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.QueueId;
import org.mailjournal.protocol.MilterClient;

/** The queue ids of the Received fields, which link a message to the one that it was before. */
@Timeout(120)
class TrailTest extends MilterCase {
  @Test
  void aTrailIsTopmostFirstAtMost50LongAndWithoutTheMessagesOwnId() {
    try (MilterClient postfix = milter.postfix()) {
      postfix.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
      postfix.send('L', "Received\0 by me (Postfix) id OWN1; now\0");
      for (int i = 0; i < 100; i++) {
        postfix.send('L', "received\0 by r (Postfix) with SMTP id OLD" + i + "; now\0");
      }
      postfix.macros('E', "i", "OWN1").send('E', "");
      postfix.read();
    }
    List<QueueId> trail = received().trail();
    assertEquals(new QueueId("OLD0"), trail.get(0));
    assertEquals(49, trail.size());
  }

  @Test
  void theTrailThatAStrangerWritesIsNotBelieved() {
    try (MilterClient postfix = milter.postfix("198.51.100.9")) {
      postfix.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
      postfix.send('L', "Received\0 by r (Postfix) with SMTP id SOMEBODYS; now\0");
      postfix.macros('E', "i", "OWN1").send('E', "");
      postfix.read();
    }
    assertEquals(List.of(), received().trail());
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.9, 198.51.100.9, 1",
    "IPv6:2001:0:0:0:0:0:0:9, IPv6:2001:0:0:0:0:0:0:9, 1",
    "198.51.100.9, 198.51.100.1, 0"
  })
  void theTrailOfAClientAtTheAddressThatSendmailIsReachedAtIsBelieved(
      String client, String reached, int length) {
    try (MilterClient sendmail = milter.sendmail(client, reached)) {
      sendmail.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
      sendmail.send('L', "Received\0 from filter by me (Postfix) with SMTP id FILTERED; now\0");
      sendmail.macros('E', "i", "OWN1").send('E', "");
      sendmail.read();
    }
    assertEquals(length, received().trail().size());
  }

  @Test
  void ofAMessageThatSomebodySentAgainItBeginsThere() {
    try (MilterClient postfix = milter.postfix()) {
      postfix.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
      postfix.send('L', "Received\0 from filter by me (Postfix) with SMTP id FILTERED; now\0");
      postfix.send('L', "RESENT-From\0 a@b.test\0").send('L', "Resent-To\0 c@d.test\0");
      postfix.send('L', "Received\0 by me (Postfix) with SMTP id LASTWEEK; then\0");
      postfix.macros('E', "i", "OWN1").send('E', "");
      postfix.read();
    }
    assertEquals(List.of(new QueueId("FILTERED")), received().trail());
  }
}
