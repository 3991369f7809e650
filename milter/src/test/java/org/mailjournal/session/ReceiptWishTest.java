package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.HeaderField;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.protocol.MilterClient;

/** Whoever asks with {@code X-Ask} from {@code b.test} gets a receipt; why is what he wrote. */
@Timeout(120)
class ReceiptWishTest {
  private static final class WhoAsks implements ReceiptPolicy {
    @Override
    public boolean mayGive(Address sender, Optional<String> authenticatedAs, Client client) {
      return sender.domain().equals("b.test");
    }

    @Override
    public boolean looksAt(String fieldName) {
      return fieldName.equals("x-ask");
    }

    @Override
    public Optional<String> reason(Event.Received message, List<HeaderField> fields) {
      return fields.stream().map(HeaderField::value).findFirst();
    }
  }

  private final Milter milter = new Milter(Sessions.OnFailure.TEMPFAIL, new WhoAsks());

  private void deliver(MilterClient mta, String sender, String... fields) {
    mta.send('M', "<" + sender + ">\0").send('R', "<c@d.test>\0");
    for (String field : fields) {
      int colon = field.indexOf(':');
      mta.send('L', field.substring(0, colon) + "\0" + field.substring(colon + 1) + "\0");
    }
    mta.macros('E', "i", "4A1").send('E', "");
    assertEquals('c', mta.read().letter());
    mta.send('A', "");
  }

  private List<String> reasons() {
    return milter.recorder().events().stream()
        .filter(ReceiptEvent.Wanted.class::isInstance)
        .map(event -> ((ReceiptEvent.Wanted) event).reason())
        .toList();
  }

  private String kept() {
    List<KeptHeader> headers = milter.recorder().headers();
    assertEquals(1, headers.size());
    return new String(headers.get(0).section().toArray(), StandardCharsets.UTF_8);
  }

  @Test
  void theHeaderSectionIsKeptWithItsLineEnds() {
    try (milter;
        MilterClient mta = milter.postfix()) {
      deliver(mta, "a@b.test", "Subject: two\n lines", "X-Ask: yes\n please");

      assertEquals(List.of("yes please"), reasons());
      assertEquals("Subject: two\r\n lines\r\nX-Ask: yes\r\n please\r\n", kept());
    }
  }

  @Test
  void whoDoesNotAskLeavesNothing() {
    try (milter;
        MilterClient mta = milter.postfix()) {
      deliver(mta, "a@b.test", "Subject:lunch");
      deliver(mta, "a@elsewhere.test", "X-Ask: yes");

      assertEquals(List.of(), reasons());
      assertEquals(List.of(), milter.recorder().headers());
    }
  }

  @Test
  void aFieldThatDoesNotFitIsLeftOutWhole() {
    try (milter;
        MilterClient mta = milter.postfix()) {
      String long1 = "X-Long: " + "a".repeat(40_000);
      deliver(mta, "a@b.test", long1, long1.replace('a', 'b'), "X-Ask: yes");

      assertTrue(kept().length() <= KeptHeader.MOST);
      assertTrue(kept().startsWith("X-Long: aaa"), () -> kept().substring(0, 20));
      assertTrue(kept().endsWith("a\r\nX-Ask: yes\r\n"), () -> kept().substring(40_000));
    }
  }

  @Test
  void aValueHasASayWithItsFirstKibibyte() {
    try (milter;
        MilterClient mta = milter.postfix()) {
      deliver(mta, "a@b.test", "X-Ask:" + "y".repeat(5_000));

      assertEquals(List.of("y".repeat(1_024)), reasons());
    }
  }

  @Test
  void tooManyFieldsThatHaveASayAreNoPersonsMail() {
    try (milter;
        MilterClient mta = milter.postfix()) {
      String[] fields = new String[101];
      Arrays.fill(fields, "X-Ask: yes");
      deliver(mta, "a@b.test", fields);

      assertEquals(List.of(), reasons());
    }
  }

  @Test
  void anAbortedTransactionsWishIsForgotten() {
    try (milter;
        MilterClient mta = milter.postfix()) {
      mta.send('M', "<a@b.test>\0").send('L', "X-Ask\0yes\0").send('A', "");

      deliver(mta, "a@b.test", "Subject:lunch");

      assertEquals(List.of(), reasons());
    }
  }
}
