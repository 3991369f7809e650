package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;

class EventCodecTest {
  private static final class ListedWords implements Words {
    private final List<String> texts = new ArrayList<>();

    @Override
    public long number(String text) {
      if (!texts.contains(text)) {
        texts.add(text);
      }
      return texts.indexOf(text) + 1L;
    }

    @Override
    public String text(long number) {
      if (number < 1 || number > texts.size()) {
        throw new MalformedBody("word " + number);
      }
      return texts.get((int) number - 1);
    }
  }

  private final EventCodec codec = new EventCodec(new ListedWords());

  @Provide
  Arbitrary<Event> events() {
    return AnyEvent.ofAnyMessage();
  }

  @Property(tries = 200, seed = "1")
  void whatIsEncodedAsAFirstEventComesBack(@ForAll("events") Event event) {
    Place place = place(event);
    byte[] body = codec.encode(event, place, Optional.empty());
    assertEquals(event, codec.decode(body, place, Optional.empty()));
    assertEquals(event.at(), codec.at(body, place));
  }

  @Property(tries = 200, seed = "2")
  void whatIsEncodedBehindAnotherComesBack(
      @ForAll("events") Event first, @ForAll("events") Event other) {
    if (first.about().isEmpty() || other.about().isEmpty()) {
      return;
    }
    Event later = AnyEvent.about(other, first.about().get());
    Optional<MessageContext> context = Optional.of(MessageContext.of(1, first));
    byte[] body = codec.encode(later, place(first), context);
    assertEquals(later, codec.decode(body, place(first), context));
  }

  @Property(tries = 200, seed = "3")
  void aDamagedBodyIsRefusedAndNothingElse(@ForAll("events") Event event, @ForAll int where) {
    Place place = place(event);
    byte[] body = codec.encode(event, place, Optional.empty());
    body[Math.floorMod(where, body.length)] ^= (byte) (1 << Math.floorMod(where >> 8, 8));
    assertThrows(MalformedBody.class, () -> codec.decode(body, place, Optional.empty()));
  }

  @Property(tries = 50, seed = "6")
  void aBodyInAnothersPlaceIsRefused(@ForAll("events") Event event, @ForAll boolean isLater) {
    Place place = place(event);
    byte[] body = codec.encode(event, place, Optional.empty());
    OptionalLong message = place.message();
    Place other =
        isLater || message.isEmpty()
            ? new Place(place.sequence() + 1, message)
            : new Place(place.sequence(), OptionalLong.of(message.getAsLong() + 1));
    assertThrows(MalformedBody.class, () -> codec.decode(body, other, Optional.empty()));
    assertThrows(MalformedBody.class, () -> codec.at(body, other));
  }

  @Test
  void aBodyWhoseWordsAreOthersIsRefused() {
    Event.Received mail = Mails.received("A1", Mails.NOON);
    byte[] body = codec.encode(mail, place(mail), Optional.empty());
    Words others = new ListedWords();
    others.number("somebody-else.example.org");
    others.number("smtp");
    try (EventCodec reader = new EventCodec(others)) {
      assertThrows(MalformedBody.class, () -> reader.decode(body, place(mail), Optional.empty()));
    }
  }

  @Property(tries = 200, seed = "4")
  void aBodyCutShortIsRefused(@ForAll("events") Event event, @ForAll int where) {
    Place place = place(event);
    byte[] body = codec.encode(event, place, Optional.empty());
    byte[] cut = java.util.Arrays.copyOf(body, Math.floorMod(where, body.length));
    assertThrows(MalformedBody.class, () -> codec.decode(cut, place, Optional.empty()));
  }

  @Test
  void fieldsThatAreNoneNeverBringMoreThanARefusal() {
    for (byte[] content :
        List.of(
            new byte[] {},
            new byte[] {0, 127, 127, 127, 127, 127},
            new byte[] {2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
            new byte[] {126, 126, 126})) {
      assertThrows(
          MalformedBody.class,
          () ->
              EventFields.read(
                  Instant.EPOCH, OptionalLong.of(1), Optional.empty(), new BodyReader(content, 0)));
    }
  }

  @Test
  void anOddityWithAllItsExcerptComesBack() {
    Event event =
        Event.Oddity.of(
            Mails.NOON,
            org.mailjournal.journal.Source.PASS,
            Optional.empty(),
            "pass",
            "endless",
            new byte[1 << 20]);
    byte[] body = codec.encode(event, place(event), Optional.empty());
    assertEquals(event, codec.decode(body, place(event), Optional.empty()));
  }

  @Test
  void aBodyFromBeforeThereWereDigestsComesBackWithoutOne() {
    Event.Received mail = Mails.received("A1", Mails.NOON);
    byte[] body =
        HexFormat.of()
            .parseHex(
                "027d842945000402046c63606271346460504acc01e650b87381363180c012610626b9a4fc24b804d06a2606160600");
    Words words = new ListedWords();
    words.number(Mails.MTA);
    words.number("smtp");
    try (EventCodec reader = new EventCodec(words)) {
      assertEquals(mail, reader.decode(body, place(mail), Optional.empty()));
    }
  }

  @Test
  void aDigestTakesItsOctetsAndLittleMore() {
    Event.Received mail = Mails.received("A1", Mails.NOON);
    int without = codec.encode(mail, place(mail), Optional.empty()).length;
    int with = codec.encode(Mails.hashed(mail, 1), place(mail), Optional.empty()).length;
    assertTrue(with - without <= 70, (with - without) + " bytes");
  }

  @Test
  void storedNumbersOfStatusesNeverChange() {
    List<String> words = new ArrayList<>();
    for (int code = 0; code < Codes.STATUSES; code++) {
      words.add(Codes.status(code).word());
    }
    assertEquals(
        List.of(
            "rejected",
            "queued",
            "delayed",
            "relayed",
            "delivered",
            "expanded",
            "failed",
            "unreported"),
        words);
  }

  @Test
  void storedNumbersOfSourcesNeverChange() {
    List<String> words = new ArrayList<>();
    for (int code = 0; code < 6; code++) {
      words.add(Codes.source(code).word());
    }
    assertEquals(List.of("milter", "pass", "egress", "report", "queue", "admin"), words);
  }

  @Provide
  Arbitrary<Instant> moments() {
    return Arbitraries.longs()
        .between(-100_000_000_000_000L, 100_000_000_000_000L)
        .map(Instant::ofEpochMilli);
  }

  @Property(tries = 200, seed = "5")
  void numbersOfMessagesAreInOrderOfTimeAndKnowTheirMillisecond(
      @ForAll("moments") Instant one, @ForAll("moments") Instant other) {
    assertEquals(one.toEpochMilli(), MessageNumber.milliseconds(MessageNumber.first(one)));
    assertEquals(
        Integer.signum(one.compareTo(other)),
        Long.signum(Long.compare(MessageNumber.first(one), MessageNumber.first(other))));
  }

  private static Place place(Event event) {
    OptionalLong message =
        event.about().isPresent()
            ? OptionalLong.of(MessageNumber.first(event.about().get().receivedAt()) + 3)
            : OptionalLong.empty();
    return new Place(77, message);
  }
}
