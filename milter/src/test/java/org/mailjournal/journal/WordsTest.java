package org.mailjournal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "250 2.0.0 Ok: queued as 51E02514002 | 51E02514002",
        "250 2.0.0 6AO7TXQK016468 Message accepted for delivery | 6AO7TXQK016468",
        "250 OK id=1rABcd-0004Xy-2Z | 1rABcd-0004Xy-2Z",
        "250 2.6.0 <a@b> [InternalId=123456, Hostname=h.test] 1 Queued mail for delivery | 123456",
        "250 2.0.0 OK  1700000000 a1-20020a05.123 - gsmtp | a1-20020a05.123",
        "250 ok 1700000000 qp 12345 | 12345",
        "250 2.0.0 <bob@one.test> k4f9BxYz+A Saved | k4f9BxYz+A",
        "250 2.0.0 <a<b@one.test> k4f9BxYz+A Saved | k4f9BxYz+A",
        "250 2.0.0 +6AO7TXQK016468 Message accepted for delivery | 6AO7TXQK016468",
        "250 2.0.0 1a2b3c4d Message accepted for delivery | 1a2b3c4d"
      })
  void theFarQueueIdIsFoundInTheCommonReplies(String reply, String id) {
    assertEquals(Optional.of(id), RemoteQueueId.of(reply));
  }

  @ParameterizedTest
  @ValueSource(strings = {"250 2.0.0 Ok", "250 thanks", "", "550 5.1.1 no such user"})
  void aReplyWithoutAnIdGivesNone(String reply) {
    assertEquals(Optional.empty(), RemoteQueueId.of(reply));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<4B618D6A.2070804@example.com> | 4B618D6A.2070804@example.com | 4B618D6A.2070804",
        "  <a@b@c> (comment) | a@b@c | a@b",
        "no-brackets@example.com | no-brackets@example.com | no-brackets",
        "<nothing-at-all> | nothing-at-all | nothing-at-all"
      })
  void aMessageIdIsWhatTheFieldNames(String field, String id, String left) {
    MessageId messageId = MessageId.ofField(field).orElseThrow();

    assertEquals(id, messageId.text());
    assertEquals(left, messageId.left());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "<>", "< >"})
  void anEmptyFieldHasNoMessageId(String field) {
    assertEquals(Optional.empty(), MessageId.ofField(field));
  }

  @Test
  void anEndlessMessageIdIsCut() {
    assertEquals(
        MessageId.LONGEST,
        MessageId.ofField("<" + "x".repeat(5_000) + "@y>").orElseThrow().text().length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../etc/passwd", "a/b", "A B", "A\0", "ÄÖ"})
  void aQueueIdIsSafeAsAFileName(String text) {
    assertFalse(QueueId.isValid(text));
    assertThrows(IllegalArgumentException.class, () -> new QueueId(text));
  }

  @Test
  void theCaseOfALocalPartCountsAndThatOfADomainDoesNot() {
    assertEquals(new Address("Bob@Example.ORG"), new Address("Bob@example.org"));
    assertNotEquals(new Address("Bob@example.org"), new Address("bob@example.org"));
    assertTrue(Address.ofPath("<>").isNull());
    assertTrue(Address.ofPath("< >").isNull());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "joe@b.test",
        "<joe@b.test>",
        " < joe@b.test > ",
        "<@relay.test:joe@b.test>",
        "<@one.test,@two.test:joe@b.test>",
        "<@[IPv6:2001:db8::1]:joe@b.test>",
      })
  void anAddressIsReadWithoutBlanksAndRoutesAroundIt(String path) {
    assertEquals("joe@b.test", Address.ofPath(path).text());
  }

  @Test
  void aRouteWithoutEndIsReadInLittleRoom() {
    String route = "@" + "a.[b],@".repeat(10_000) + ":";

    assertEquals("x@y.test", Address.ofPath("<" + route + "x@y.test>").text());
    assertEquals("@" + "a".repeat(50_000), Address.ofPath("@" + "a".repeat(50_000)).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"@a:b\"@c.test", "a:b@c.test", "@c.test", "@c.test:", "\" a \"@c.test"})
  void whatOnlyLooksLikeARouteStays(String path) {
    assertEquals(path, Address.ofPath(path).text());
  }

  @Test
  void whatWasAcceptedUnrecordedIsReadAsItIsStated() {
    Instant first = Instant.parse("2026-11-24T01:00:00.123Z");
    Instant last = first.plusSeconds(60);
    Unrecorded one = Unrecorded.one(last);
    Unrecorded two = one.and(Unrecorded.one(first));

    assertEquals(new Unrecorded(2, Optional.of(first), last), two);
    assertEquals(Optional.of(one), Unrecorded.of(one.stated(last.plusSeconds(9))));
    assertEquals(Optional.of(two), Unrecorded.of(two.stated(last.plusSeconds(9))));
  }

  @Test
  void anOddityThatDoesNotSayFromWhenOnGivesItsOwnMoment() {
    Instant told = Instant.parse("2026-11-24T01:00:00Z");
    String words = "3 messages were accepted unrecorded since the last that was recorded";

    assertEquals(
        Optional.of(new Unrecorded(3, Optional.empty(), told)),
        Unrecorded.of(oddity(told, Source.MILTER, words)));
    assertEquals(Optional.empty(), Unrecorded.of(oddity(told, Source.PASS, words)));
    assertEquals(Optional.empty(), Unrecorded.of(oddity(told, Source.MILTER, "3 messages")));
  }

  private static Event oddity(Instant at, Source source, String problem) {
    return Event.Oddity.of(at, source, Optional.empty(), source.word(), problem, new byte[0]);
  }

  @Test
  void anEnhancedStatusIsFoundWhereAReplyHasIt() {
    assertEquals(Optional.of(new EnhancedStatus(2, 0, 0)), EnhancedStatus.ofReply("250 2.0.0 Ok"));
    assertEquals(Optional.empty(), EnhancedStatus.ofReply("250 Ok 2.0.0"));
    assertEquals(Optional.empty(), EnhancedStatus.ofReply("250"));
    assertEquals(Optional.empty(), EnhancedStatus.of("9.9.9"));
    assertEquals(Optional.empty(), EnhancedStatus.of("2.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "never", "success", "success,failure", "failure,delay"})
  void whatWasAskedIsReadAsItIsWritten(String text) {
    assertEquals(text, Asked.of(text).toString());
  }

  @Test
  void onlyTheSendersOwnWishIsAWishForSuccess() {
    assertFalse(Asked.DEFAULT.success());
    assertTrue(Asked.of(Set.of(Asked.Notice.SUCCESS)).success());
  }

  @Test
  void aJournalIdCanBeTakenApart() {
    Instant moment = Instant.parse("2026-11-24T05:34:39.123456Z");
    MessageKey key = new MessageKey("mail.example.org", new QueueId("4fK2Qm1Xz3zJ"), moment);
    MessageKey.Id id = MessageKey.parse(key.id()).orElseThrow();

    assertEquals(key.queueId(), id.queueId());
    assertEquals(Instant.parse("2026-11-24T05:34:39.123Z"), id.receivedAt());
    assertEquals(Optional.empty(), MessageKey.parse("51E02514002"));
    assertEquals(Optional.empty(), MessageKey.parse("a@b.c"));
  }

  @Test
  void noByteIsLostOnTheWayToText() {
    byte[] latin1 = "gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1);
    byte[] utf8 = "gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8);

    assertEquals("gr\u00fc\u00dfe", Bytes.text(latin1));
    assertEquals("gr\u00fc\u00dfe", Bytes.text(utf8));
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void aStatusIsFoundByItsWord(Status status) {
    assertEquals(Optional.of(status), Status.of(status.word()));
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void noStatusGoesBackToTheQueue(Status status) {
    for (Source source : Source.values()) {
      assertFalse(status.givesWayTo(Status.QUEUED, source));
      assertFalse(status.isFinal() && status.givesWayTo(Status.DELAYED, source));
    }
  }

  @Test
  void gapsAreTheTimesBetweenTheSpans() {
    Instant one = Instant.parse("2026-11-24T01:00:00Z");
    Instant two = one.plusSeconds(60);
    Instant three = two.plusSeconds(60);
    Coverage coverage =
        new Coverage(
            java.util.List.of(
                new Coverage.Span(one, Optional.of(two), false),
                new Coverage.Span(three, Optional.empty(), true)),
            java.util.List.of());

    assertEquals(java.util.List.of(new Coverage.Gap(two, three)), coverage.gaps());
    assertEquals(Optional.of(one), coverage.since());
  }
}
