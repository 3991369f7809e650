package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mailjournal.relaytest.Exchanger.Received;
import org.mailjournal.relaytest.TorturePlan.Kind;

/** Every copy that an exchanger or a mailbox got, by queue id and recipient. */
final class TortureCopies implements TortureExcuses.Copies {
  /** The topmost is the MTA's own. */
  private static final Pattern RECEIVED =
      Pattern.compile("(?im)^Received: (?:[^\\r\\n]|\\r?\\n[ \\t])*?\\bid ([0-9A-Za-z]+)");

  private static final Pattern MESSAGE_ID =
      Pattern.compile("(?im)^Message-ID:\\s*(<[^<>\\r\\n]*>)");

  /** What makes any MTA deliver twice: it does not know what the next hop said. */
  static final Set<Kind> EXCUSES = Set.of(Kind.MTA_KILLED, Kind.BOTH_KILLED, Kind.EXCHANGERS_GONE);

  private record Place(String queueId, String recipient) {
    static Place of(String queueId, String recipient) {
      return new Place(queueId, key(recipient));
    }
  }

  private final TortureWorld world;
  private final Troubles troubles;
  private final Map<Place, List<Received>> copies = new HashMap<>();
  private final Map<String, List<Exchanger.Refused>> refused = new HashMap<>();
  private final TortureMailbox mailbox = new TortureMailbox();
  private int ofTheRelay;
  private int total;

  TortureCopies(TortureWorld world, Troubles troubles) {
    this.world = world;
    this.troubles = troubles;
    Stream.of(world.one(), world.two(), world.home())
        .flatMap(exchanger -> exchanger.received().stream())
        .sorted(Comparator.comparing(Received::at))
        .forEach(this::add);
    Stream.of(world.one(), world.two(), world.home())
        .flatMap(exchanger -> exchanger.refused().stream())
        .forEach(r -> refused.computeIfAbsent(key(r.recipient()), a -> new ArrayList<>()).add(r));
    mailbox("games").forEach(this::read);
  }

  private List<Path> mailbox(String user) {
    return world.mta() instanceof RealSendmail sendmail
        ? sendmail.mailboxFiles(user)
        : ((RealPostfix) world.mta()).mailboxFiles(user);
  }

  private void read(Path message) {
    try {
      Instant written = Files.getLastModifiedTime(message).toInstant();
      byte[] content = Files.readAllBytes(message);
      queueId(content).ifPresent(id -> mailbox.add(id, messageId(content), written));
      total++;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(String recipient) {
    return recipient.toLowerCase(Locale.ROOT);
  }

  private void add(Received message) {
    Optional<String> queueId = queueId(message.content().toArray());
    for (Exchanger.Taken to : message.recipients()) {
      total++;
      queueId.ifPresent(
          id ->
              copies
                  .computeIfAbsent(Place.of(id, to.address()), any -> new ArrayList<>())
                  .add(message));
    }
  }

  private static Optional<String> queueId(byte[] message) {
    return first(RECEIVED, message);
  }

  private static Optional<String> messageId(byte[] message) {
    return first(MESSAGE_ID, message);
  }

  private static Optional<String> first(Pattern pattern, byte[] message) {
    int head = Math.min(message.length, 8192);
    Matcher found = pattern.matcher(new String(message, 0, head, StandardCharsets.ISO_8859_1));
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** Second copies that came because the relay went between the next hop's reply and sendmail. */
  int ofTheRelay() {
    return ofTheRelay;
  }

  /** How many there are, and how many of them behind one that the next hop had acknowledged. */
  String summary() {
    return "%d copies arrived, %d of them a second time".formatted(total, again());
  }

  private int again() {
    int again = mailbox.again();
    for (List<Received> all : copies.values()) {
      for (List<Received> same : byMessage(all)) {
        List<Received> before = same.subList(0, same.size() - 1);
        again += (int) before.stream().filter(Received::acknowledged).count();
      }
    }
    return again;
  }

  /** Queue ids are used again where the clock is moved, and an alias's targets are the same. */
  private static Collection<List<Received>> byMessage(List<Received> all) {
    return all.stream().collect(Collectors.groupingBy(Received::messageId)).values();
  }

  @Override
  public Optional<Instant> takenAt(String queueId, String recipient, String reply) {
    return copies.getOrDefault(Place.of(queueId, recipient), List.of()).stream()
        .filter(copy -> reply.contains(copy.queueId()))
        .map(Received::at)
        .findFirst();
  }

  @Override
  public List<Instant> taken(String queueId, String recipient) {
    return copies.getOrDefault(Place.of(queueId, recipient), List.of()).stream()
        .map(Received::at)
        .toList();
  }

  @Override
  public List<Instant> delivered(JournalEntry entry) {
    return mailbox.delivered(entry.queueId(), entry.messageId());
  }

  @Override
  public List<Exchanger.Refused> refused(String recipient) {
    return List.copyOf(refused.getOrDefault(key(recipient), List.of()));
  }

  boolean hasAny(JournalEntry entry, String recipient) {
    return !taken(entry.queueId(), recipient).isEmpty() || !delivered(entry).isEmpty();
  }

  /** Copies that nothing explains but us. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    copies.forEach(
        (place, all) -> {
          for (List<Received> same : byMessage(all)) {
            for (int i = 0; i + 1 < same.size(); i++) {
              judge(place, same.get(i), same.get(i + 1)).ifPresent(problems::add);
            }
          }
        });
    problems.addAll(mailbox.problems(at -> troubles.isAround(at, TortureExcuses.KILLS)));
    return problems;
  }

  private Optional<String> judge(Place place, Received copy, Received next) {
    if (!copy.acknowledged() || troubles.isAround(copy.at(), EXCUSES)) {
      return Optional.empty();
    }
    if (world.isSendmail() && troubles.isAround(copy.at(), TortureExcuses.ENDS_OF_THE_RELAY)) {
      ofTheRelay++;
      return Optional.empty();
    }
    return Optional.of(
        "doubled: %s for %s was taken at %s as %s, and came again at %s"
            .formatted(place.queueId(), place.recipient(), copy.at(), copy.queueId(), next.at()));
  }
}
