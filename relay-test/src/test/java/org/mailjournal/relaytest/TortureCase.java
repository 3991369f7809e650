package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.JournalEntry.Peer;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.Troubles.Trouble;

/** One message to a@ok.test, as log, journal and faults have it; copies share nothing. */
record TortureCase(
    boolean isSendmail,
    TortureExcuses.Copies copies,
    List<Trouble> troubles,
    List<String> daemonLog,
    List<String> oddities,
    List<String> log,
    List<News> news) {
  static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  static final String POSTFIX_ID = "4dJhR42pFhz9rw";
  static final String SENDMAIL_ID = "6ASLIrfW013662";
  static final String REPLY = "250 2.0.0 Ok: queued as 51E02514002";
  static final TortureExcuses.Copies NONE = copies(Optional.empty());
  static final TortureExcuses.Copies ALL = copies(Optional.of(NOON));

  static TortureExcuses.Copies copies(Optional<Instant> taken) {
    return new Witnesses(taken.stream().toList(), List.of());
  }

  static TortureExcuses.Copies refusing(Instant at, Stage stage, String reply) {
    return refusing(List.of(at), stage, reply);
  }

  static TortureExcuses.Copies refusing(List<Instant> times, Stage stage, String reply) {
    return new Witnesses(
        List.of(),
        times.stream().map(at -> new Exchanger.Refused(at, "a@ok.test", stage, reply)).toList());
  }

  /** What exchangers and mailboxes say of every message. */
  record Witnesses(List<Instant> taken, List<Exchanger.Refused> refusals)
      implements TortureExcuses.Copies {
    @Override
    public Optional<Instant> takenAt(String queueId, String recipient, String reply) {
      return taken.stream().findFirst();
    }

    @Override
    public List<Instant> taken(String queueId, String recipient) {
      return taken;
    }

    @Override
    public List<Instant> delivered(JournalEntry entry) {
      return taken;
    }

    @Override
    public List<Exchanger.Refused> refused(String recipient) {
      return refusals;
    }
  }

  static TortureCase postfix() {
    return new TortureCase(false);
  }

  static TortureCase sendmail() {
    return new TortureCase(true);
  }

  static String postfixLine(String status, String dsn, String text) {
    String relay = status.equals("sent") ? "mx.test[127.0.0.1]:2525" : "none";
    return "Nov 28 12:00:00 h postfix/smtp[9]: %s: to=<a@ok.test>, relay=%s, delay=0, delays=0/0/0/0, dsn=%s, status=%s (%s)"
        .formatted(POSTFIX_ID, relay, dsn, status, text);
  }

  static String sendmailLine(String stat) {
    String dsn = stat.startsWith("Sent") ? "2.0.0" : "5.1.1";
    return "%s: to=<a@ok.test>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=1, relay=[127.0.0.1] [127.0.0.1], dsn=%s, stat=%s"
        .formatted(SENDMAIL_ID, dsn, stat);
  }

  static News relayed(String source) {
    return new News(
        Optional.of(NOON),
        "relayed",
        source,
        Optional.of("a@ok.test"),
        Optional.empty(),
        Optional.of("2.0.0"),
        Optional.of("mx.test"),
        Optional.of("127.0.0.1:2525"),
        Optional.of(REPLY),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static News oddity(String words) {
    return new News(
        "oddity",
        "egress",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(words));
  }

  TortureCase(boolean isSendmail) {
    this(isSendmail, NONE, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  TortureCase copies(TortureExcuses.Copies those) {
    return new TortureCase(isSendmail, those, troubles, daemonLog, oddities, log, news);
  }

  TortureCase fault(Kind kind) {
    return faultAt(NOON, kind);
  }

  /** It lasts a second. */
  TortureCase faultAt(Instant at, Kind kind) {
    return faultFor(at, 1, kind);
  }

  TortureCase faultFor(Instant at, int seconds, Kind kind) {
    Trouble trouble = new Trouble(kind, at, at, at.plusSeconds(seconds), Duration.ZERO);
    return new TortureCase(
        isSendmail, copies, and(troubles, trouble), daemonLog, oddities, log, news);
  }

  TortureCase daemon(String line) {
    return new TortureCase(isSendmail, copies, troubles, and(daemonLog, line), oddities, log, news);
  }

  /** One that is beside no message. */
  TortureCase unnamed(String words) {
    return new TortureCase(
        isSendmail, copies, troubles, daemonLog, and(oddities, words), log, news);
  }

  TortureCase logged(String line) {
    return new TortureCase(isSendmail, copies, troubles, daemonLog, oddities, and(log, line), news);
  }

  TortureCase told(News one) {
    return new TortureCase(isSendmail, copies, troubles, daemonLog, oddities, log, and(news, one));
  }

  private static <T> List<T> and(List<T> some, T one) {
    return Stream.concat(some.stream(), Stream.of(one)).toList();
  }

  void requireAgreement(int excused) {
    assertEquals(List.of(), differences());
    assertEquals(excused, excused());
  }

  void requireDifference(String kind) {
    List<String> found = differences();
    assertTrue(found.stream().anyMatch(d -> d.startsWith(kind)), () -> kind + ": " + found);
  }

  void requireNoDifference(String kind) {
    List<String> found = differences();
    assertTrue(found.stream().noneMatch(d -> d.startsWith(kind)), () -> kind + ": " + found);
  }

  List<String> differences() {
    List<LogLine> lines = explained(excuses());
    return isSendmail
        ? SendmailOracle.differences(lines, entry())
        : Oracle.differences(lines, entry(), Oracle.Told.EVERYTHING);
  }

  int excused() {
    TortureExcuses excuses = excuses();
    explained(excuses);
    return excuses.excused();
  }

  private TortureExcuses excuses() {
    return new TortureExcuses(
        isSendmail, new Troubles(troubles, isSendmail), copies, daemonLog, oddities, all());
  }

  private TortureLog all() {
    return isSendmail
        ? TortureLog.ofSendmail(log)
        : TortureLog.ofPostfix(log, LogStamp.before(NOON.atZone(ZoneOffset.UTC)));
  }

  private List<LogLine> explained(TortureExcuses excuses) {
    LoggedMessage message =
        all().messages().stream()
            .filter(one -> one.queueId().equals(entry().queueId()))
            .findFirst()
            .orElseGet(() -> new LoggedMessage(entry().queueId()));
    return excuses.explained(message, entry());
  }

  private JournalEntry entry() {
    return new JournalEntry(
        "",
        "mx.local.test",
        isSendmail ? SENDMAIL_ID : POSTFIX_ID,
        Optional.empty(),
        "s@local.test",
        Optional.empty(),
        new Peer(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        1,
        List.of(),
        fates(),
        news);
  }

  private List<Fate> fates() {
    List<Fate> fates = new ArrayList<>();
    news.stream()
        .filter(n -> n.recipient().isPresent())
        .reduce((earlier, later) -> later)
        .ifPresent(last -> fates.add(fate(last)));
    return fates;
  }

  private static Fate fate(News last) {
    return new Fate(
        "a@ok.test",
        last.original(),
        Optional.empty(),
        last.kind(),
        last.dsn(),
        last.remoteMta(),
        last.remoteAddress(),
        last.reply(),
        Optional.empty(),
        last.reason(),
        1,
        last.source());
  }
}
