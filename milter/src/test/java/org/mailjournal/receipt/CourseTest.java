package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Whose reply may name the queue id under which a message came in again. */
class CourseTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final MessageKey FIRST = HopsTest.key("A1");
  private static final MessageKey SECOND = HopsTest.key("B2");

  private static MessageState hop(
      MessageKey key, List<MessageKey> previous, Status status, Remote remote, String reply) {
    RecipientState bob =
        new RecipientState(
            Recipient.of(new Address("bob@example.net")),
            Optional.of(Asked.DEFAULT),
            Optional.empty(),
            status,
            Optional.empty(),
            remote,
            Optional.of(reply),
            Optional.empty(),
            1,
            Source.PASS,
            NOON);
    return HopsTest.hop(key, previous, bob);
  }

  private static JournalReader journal(MessageState... chain) {
    return (JournalReader)
        Proxy.newProxyInstance(
            JournalReader.class.getClassLoader(),
            new Class<?>[] {JournalReader.class},
            (proxy, method, arguments) -> {
              assertEquals("chain", method.getName());
              return List.of(chain);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:10024, FAILED",
    "127.0.0.1, FAILED",
    "[::1]:10024, FAILED",
    "192.0.2.7:10024, FAILED",
    "[2001:db8::7]:10024, FAILED",
    "198.51.100.7:25, RELAYED",
    "[2001:db9::7]:25, RELAYED",
    "nowhere, RELAYED",
  })
  void onlyThisMachinesOrTheSitesOwn(String place, Status expected) {
    Remote remote = new Remote(Optional.empty(), Optional.of(place), Optional.empty());
    MessageState first =
        hop(FIRST, List.of(), Status.RELAYED, remote, "250 2.0.0 Ok: queued as B2");
    MessageState second = hop(SECOND, List.of(FIRST), Status.FAILED, Remote.NONE, "550 no");

    Course course =
        Course.of(
            journal(first, second), first, new Networks(List.of("192.0.2.0/24", "2001:db8::/32")));

    assertEquals(expected, course.state().recipients().get(0).status());
  }
}
