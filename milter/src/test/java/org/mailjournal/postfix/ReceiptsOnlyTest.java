package org.mailjournal.postfix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Source;

/** Where our receipt is to be the only report of success, Postfix's own stays away. */
class ReceiptsOnlyTest extends TapCase {
  private static final Asked SUCCESS = Asked.of(EnumSet.of(Asked.Notice.SUCCESS));
  private static final String A = record("a@x");
  private static final String B = record("b@x");
  private static final int DELAY_CLEARED = 1 << 13;

  private FakeService real;
  private Path file;

  private static String record(String recipient) {
    return "\nrecipient=%s\nstatus=2.0.0\naction=relayed\nnotify_flags=14\nreason=ok\n\n"
        .formatted(recipient);
  }

  @BeforeEach
  void open() throws IOException {
    house.withReceiptsOnly(true).started();
    real = house.service("trace", () -> 0);
  }

  private MessageKey received(Asked a, Asked b) throws IOException {
    MessageKey key = house.received(ID, "s@x", accepted("a@x", a), accepted("b@x", b));
    file = house.file("trace/" + ID, A + B);
    return key;
  }

  private void ask(int flags) throws IOException {
    assertEquals(0, house.ask("journal-trace", request(5, flags, ID, "s@x")));
    assertEquals(List.of("relayed a@x", "relayed b@x"), house.outcomes());
  }

  @Test
  void whoGetsAReceiptGetsNoReportOfPostfixs() throws IOException {
    house.wanted(received(SUCCESS, SUCCESS));

    ask(0);

    assertEquals(0, real.requests().size());
    assertFalse(Files.exists(file));
  }

  @Test
  void whoAskedForOneOfTwoRecipientsGetsNoneEither() throws IOException {
    house.wanted(received(SUCCESS, Asked.DEFAULT));

    ask(0);

    assertEquals(0, real.requests().size());
  }

  @Test
  void whoGetsNoReceiptGetsPostfixsReport() throws IOException {
    received(SUCCESS, SUCCESS);

    ask(0);

    assertEquals(1, real.requests().size());
    assertTrue(Files.exists(file));
  }

  @Test
  void whoseReceiptWasGivenUpGetsPostfixsReport() throws IOException {
    MessageKey key = received(SUCCESS, SUCCESS);
    house.wanted(key);
    house.record(
        new ReceiptEvent.Abandoned(
            TapHouse.RECEIVED, Source.ADMIN, key, ReceiptKind.FINAL, "refused"));

    ask(0);

    assertEquals(1, real.requests().size());
  }

  @Test
  void whileReceiptsCannotBeMadePostfixReports() throws IOException {
    house.withReceiptsOnly(false);
    house.wanted(received(SUCCESS, SUCCESS));

    ask(0);

    assertEquals(1, real.requests().size());
  }

  @Test
  void theEndOfADelayIsReportedAllTheSame() throws IOException {
    house.wanted(house.received(ID, "s@x", accepted("a@x", SUCCESS), accepted("b@x", both())));
    file = house.file("trace/" + ID, A + B + B);

    ask(DELAY_CLEARED);

    assertEquals(1, real.requests().size());
    assertEquals(B.strip(), Files.readString(file, ISO_8859_1).strip());
  }

  private static Asked both() {
    return Asked.of(EnumSet.of(Asked.Notice.SUCCESS, Asked.Notice.DELAY));
  }

  @Test
  void whoWantsEverythingRecordedGetsIt() throws IOException {
    house.wanted(received(SUCCESS, SUCCESS));

    ask(1 << 10);

    assertEquals(1, real.requests().size());
    assertEquals(A + B, Files.readString(file, ISO_8859_1));
  }

  @Test
  void bouncesAndDelaysArePassedOn() throws IOException {
    house.wanted(received(SUCCESS, SUCCESS));
    FakeService bounce = house.service("bounce", () -> 0);
    FakeService defer = house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-bounce", request(1, 0, ID, "s@x")));
    assertEquals(0, house.ask("journal-defer", request(2, 0, ID, "s@x")));

    assertEquals(1, bounce.requests().size());
    assertEquals(1, defer.requests().size());
  }
}
