package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.mailjournal.relaytest.Exchanger.Received;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.TortureSender.Accepted;

/**
 * Whether what the journal calls taken is there, as the message that was handed in: log and journal
 * could be wrong together, where the relay answers for a next hop.
 */
final class TortureArrivals {
  /**
   * What sendmail sends once more when it was killed behind the delivery, between the removal of
   * its df file and of its qf file ("readqf: cannot open ./df..."): these words of putbody() in
   * deliver.c, or no words at all.
   */
  private static final Set<String> HOLLOW = Set.of("<<< No Message Collected >>>\r\n", "\r\n");

  /** Postfix uses its short queue ids again. */
  private record Name(String queueId, Optional<String> messageId) {}

  private final boolean mayBeHollow;

  private final Map<String, Letter> byMessageId = new HashMap<>();
  private final Map<Name, Letter> byName = new HashMap<>();
  private final Set<String> intact = new HashSet<>();
  private final TortureCopies copies;
  private final List<String> problems = new ArrayList<>();
  private int compared;

  /**
   * @param mayBeHollow whether a sendmail was killed
   */
  TortureArrivals(
      List<Accepted> accepted, TortureCopies copies, boolean mayBeHollow, Exchanger... exchangers) {
    this.copies = copies;
    this.mayBeHollow = mayBeHollow;
    for (Accepted one : accepted) {
      byName.put(new Name(one.queueId(), one.letter().messageId()), one.letter());
      one.letter().messageId().ifPresent(id -> byMessageId.put(id, one.letter()));
    }
    List<Received> changed =
        Stream.of(exchangers).flatMap(e -> e.received().stream()).filter(this::isChanged).toList();
    changed.stream().filter(copy -> !isHollow(copy)).forEach(this::complain);
  }

  private boolean isChanged(Received copy) {
    Letter letter = byMessageId.get(copy.messageId());
    if (letter == null) {
      return false;
    }
    compared++;
    if (!Arrays.equals(body(copy.content().toArray()), letter.body().toArray())) {
      return true;
    }
    copy.recipients().forEach(to -> intact.add(copy.messageId() + to.address()));
    return false;
  }

  /** Such a copy takes no other's place. */
  private boolean isHollow(Received copy) {
    byte[] body = body(copy.content().toArray());
    return mayBeHollow
        && HOLLOW.contains(new String(body, StandardCharsets.ISO_8859_1))
        && copy.recipients().stream()
            .allMatch(to -> intact.contains(copy.messageId() + to.address()));
  }

  private void complain(Received copy) {
    problems.add(
        "changed: the text that arrived as %s is not that of %s: %d octets of %d"
            .formatted(
                copy.queueId(),
                copy.messageId(),
                body(copy.content().toArray()).length,
                byMessageId.get(copy.messageId()).body().size()));
  }

  private static byte[] body(byte[] message) {
    for (int i = 0; i + 3 < message.length; i++) {
      if (message[i] == '\r'
          && message[i + 1] == '\n'
          && message[i + 2] == '\r'
          && message[i + 3] == '\n') {
        return Arrays.copyOfRange(message, i + 4, message.length);
      }
    }
    return new byte[0];
  }

  int compared() {
    return compared;
  }

  /** Takes note of what the journal has of a message. */
  void expect(JournalEntry entry) {
    entry.events().forEach(news -> requireCopy(entry, news));
    Optional.ofNullable(byName.get(new Name(entry.queueId(), entry.messageId())))
        .ifPresent(letter -> requireEnvelope(entry, letter));
  }

  private void requireCopy(JournalEntry entry, News news) {
    String recipient = news.recipient().orElse("");
    boolean isThere =
        switch (news.kind()) {
          case "relayed" ->
              copies.takenAt(entry.queueId(), recipient, news.reply().orElse("")).isPresent();
          case "delivered" -> copies.hasAny(entry, recipient);
          default -> true;
        };
    if (!isThere) {
      problems.add("lost: nobody has a copy of " + entry.queueId() + " as of " + news);
    }
  }

  private void requireEnvelope(JournalEntry entry, Letter letter) {
    if (!entry.sender().equals(letter.sender())) {
      problems.add(
          "envelope: %s came from <%s>, the journal says <%s>"
              .formatted(entry.queueId(), letter.sender(), entry.sender()));
    }
    for (Letter.To to : letter.recipients()) {
      if (entry.fates(to.address()).isEmpty()) {
        problems.add(
            "envelope: %s was for %s, of whom the journal has nothing: %s"
                .formatted(entry.queueId(), to.address(), entry.recipients()));
      }
    }
  }

  List<String> problems() {
    return List.copyOf(problems);
  }
}
