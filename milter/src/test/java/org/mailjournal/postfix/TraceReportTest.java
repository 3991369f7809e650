package org.mailjournal.postfix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;
import static org.mailjournal.postfix.TapHouse.trace;
import static org.mailjournal.postfix.TapHouse.unmarked;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.MessageKey;

class TraceReportTest extends TapCase {
  private static final Asked SUCCESS = Asked.of(EnumSet.of(Asked.Notice.SUCCESS));
  private static final String RECORD =
      "\nrecipient=%s\nstatus=2.0.0\naction=%s\nnotify_flags=14\nreason=ok\n\n";

  @Test
  void whoAskedForSuccessGetsPostfixsReportOfHisRecipientsOnly() throws IOException {
    house.withFiles().started();
    house.receivedFixture(SUCCESS);
    Path file = directory.resolve("trace").resolve(ID);
    AtomicReference<byte[]> left = new AtomicReference<>();
    FakeService real =
        house.service(
            "trace",
            request -> {
              left.set(read(file));
              return Optional.of(AttributeList.of("status", "0", "more", "unheard of"));
            });

    assertEquals(0, house.ask("journal-trace", trace(0)));

    String whole = new String(Fixtures.bytes("short/trace"), ISO_8859_1);
    int start = whole.indexOf("<one@ok");
    String part = whole.substring(start, whole.indexOf("\n\n", start) + 2);
    assertEquals("\n" + part, new String(left.get(), ISO_8859_1));
    assertArrayEquals(trace(0).wire(), real.requests().get(0).wire());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void whereNobodyWasMarkedTheReportIsThatOfTheSender() throws IOException {
    house.started();
    house.received(ID, "s@x", unmarked("a@x"));
    Path file = house.file("trace/" + ID, RECORD.formatted("a@x", "relayed"));
    FakeService real = house.service("trace", () -> 0);

    house.ask("journal-trace", request(5, 0, ID, "s@x"));

    assertEquals(1, real.requests().size());
    assertTrue(Files.exists(file));
    assertEquals(List.of("relayed a@x"), house.outcomes());
  }

  @Test
  void whatTheSendmailCommandAskedForIsPassedOnWhole() throws IOException {
    house.started();
    Path file = house.file("trace/" + ID, RECORD.formatted("a@x", "relayed"));
    house.queueFile("active/" + ID, 1_700_000_000, "s@x", "Arewrite_context=local", "Da@x");
    FakeService real = house.service("trace", () -> 0);

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(1, real.requests().size());
    assertTrue(Files.exists(file));
    assertEquals(1, house.oddities().size());
  }

  @Test
  void aRecipientThatPostfixCompletedKeepsWhatTheSenderAsked() throws IOException {
    house.started();
    MessageKey key = house.received(ID, "s@x", accepted("Postmaster", SUCCESS));
    String record =
        RECORD
            .formatted("postmaster@x", "delivered")
            .replace("\nstatus", "\noriginal_recipient=postmaster\nstatus");
    house.file("trace/" + ID, record);
    FakeService real = house.service("trace", () -> 0);

    house.ask("journal-trace", request(5, 0, ID, "s@x"));
    house.ask("journal-trace", request(5, 0, ID, "s@x"));

    assertEquals(2, real.requests().size());
    assertEquals(1, house.journal.state(key).orElseThrow().recipients().size());
  }

  @Test
  void verificationIsNoDelivery() throws IOException {
    house.withFiles().started();
    MessageKey key = house.receivedFixture(Asked.DEFAULT);
    FakeService real = house.service("trace", () -> 0);

    assertEquals(0, house.ask("journal-trace", trace(1 << 9)));

    assertEquals(5, house.rows(key).size());
    assertTrue(house.rows(key).stream().allMatch(row -> row.startsWith("unreported ")));
    assertArrayEquals(trace(1 << 9).wire(), real.requests().get(0).wire());
  }

  @Test
  void whoWantsEverythingRecordedGetsTheWholeFile() throws IOException {
    house.withFiles().started();
    house.receivedFixture(Asked.DEFAULT);
    house.service("trace", () -> 0);

    assertEquals(0, house.ask("journal-trace", trace(1 << 10)));

    assertArrayEquals(Fixtures.bytes("short/trace"), read(directory.resolve("trace").resolve(ID)));
    assertEquals(7, house.outcomes().size());
  }

  @Test
  void theEndOfADelayIsReportedOnceAsWithoutUs() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT), accepted("b@x", Asked.NEVER));
    String a = RECORD.formatted("a@x", "relayed");
    Path file = house.file("trace/" + ID, a + a + RECORD.formatted("b@x", "relayed"));
    house.service("trace", () -> 0);

    house.ask("journal-trace", request(5, 1 << 13, ID, "s@x"));

    String left = new String(read(file), ISO_8859_1);
    assertEquals(a.strip(), left.strip());
  }

  /** As local(8) writes of an alias that has an owner-alias, a program and a target elsewhere. */
  @Test
  void whatWasDoneForAnAliasEndsItsDelayEachTime() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("list@x", Asked.DEFAULT));
    String record =
        RECORD.replace("flags=14", "flags=%d").replace("=ok", "=delivery via local: %s");
    String run = record.formatted("list@x", "delivered", 12, "delivered to command: true");
    String expanded = record.formatted("list@x", "delivered", 14, "alias expanded");
    String forwarded = record.formatted("list@x", "relayed", 12, "forwarded as 2C04C21439C");
    Path file = house.file("trace/" + ID, run + expanded + forwarded);
    house.service("trace", () -> 0);

    house.ask("journal-trace", request(5, 1 << 13, ID, "s@x"));

    assertEquals(run + forwarded, new String(read(file), ISO_8859_1));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
