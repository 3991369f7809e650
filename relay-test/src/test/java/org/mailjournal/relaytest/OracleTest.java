package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.JournalEntry.Peer;
import org.mailjournal.relaytest.Mta.LogLine;

/** The oracle sees every kind of untruth. */
class OracleTest {
  private static final String REPLY = "250 2.0.0 Ok: queued as 51E02514002";
  private static final String REFUSAL =
      "host mx.test[127.0.0.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)";
  private static final LogLine SENT =
      line("a@ok.test", "", "mx.test[127.0.0.1]:2525", "2.0.0", "sent", REPLY);
  private static final LogLine DEFERRED =
      line(
          "a@ok.test",
          "",
          "none",
          "4.4.1",
          "deferred",
          "connect to mx.test[127.0.0.1]:2525: Connection refused");
  private static final LogLine BOUNCED =
      line("b@ok.test", "", "mx.test[127.0.0.1]:2525", "5.1.1", "bounced", REFUSAL);
  private static final News RELAYED =
      news("relayed", "a@ok.test", "2.0.0", "127.0.0.1:2525", REPLY, "x");
  private static final News FAILED =
      news("failed", "b@ok.test", "5.1.1", "127.0.0.1", "550 5.1.1 no such user", REFUSAL);
  private static final News DELAYED = delayed(DEFERRED.text());

  @Test
  void agreesWhenEveryLineHasItsEvent() {
    assertAgrees(List.of(DEFERRED, SENT, BOUNCED), List.of(DELAYED, RELAYED, FAILED));
  }

  /** As where Postfix's own trace service is killed: smtp(8) defers what the next hop has. */
  @Test
  void knowsA250ThatPostfixCouldNotWriteDown() {
    String words = "4063910C6DF: trace service failed";
    LogLine deferred = line("a@ok.test", "", "mx.test[127.0.0.1]:2525", "4.3.0", "deferred", words);
    News kept = news("delayed", "a@ok.test", "4.3.0", "", REPLY, words);
    assertAgrees(List.of(deferred, SENT), List.of(kept, RELAYED));
    assertDiffers(
        "missing",
        List.of(deferred, SENT),
        List.of(news("delayed", "a@ok.test", "4.3.0", "", "450 no", words), RELAYED));
  }

  @Test
  void missesAnEventThatIsNotThere() {
    assertDiffers("missing", List.of(DEFERRED, SENT), List.of(RELAYED));
    assertDiffers("missing", List.of(SENT, BOUNCED), List.of(RELAYED));
    assertDiffers("status", List.of(SENT), List.of());
  }

  @Test
  void missesOneOfTwoEqualAttempts() {
    assertDiffers("missing", List.of(DEFERRED, DEFERRED, SENT), List.of(DELAYED, RELAYED));
  }

  @Test
  void findsAnInventedEvent() {
    assertDiffers("invented", List.of(SENT), List.of(RELAYED, FAILED));
    assertDiffers("invented", List.of(SENT), List.of(RELAYED, RELAYED));
    assertDiffers("invented", List.of(SENT), List.of(DELAYED, RELAYED));
  }

  @Test
  void comparesStatusTextAndRemote() {
    assertDiffers(
        "missing",
        List.of(SENT),
        List.of(news("relayed", "a@ok.test", "2.6.0", "127.0.0.1:2525", REPLY, "x")));
    assertDiffers(
        "missing",
        List.of(SENT),
        List.of(news("relayed", "a@ok.test", "2.0.0", "127.0.0.1:25", REPLY, "x")));
    assertDiffers(
        "missing",
        List.of(SENT),
        List.of(news("relayed", "a@ok.test", "2.0.0", "127.0.0.1:2525", REPLY + "3", "x")));
    assertDiffers("missing", List.of(DEFERRED), List.of(delayed("Connection timed out")));
    assertDiffers(
        "missing",
        List.of(BOUNCED),
        List.of(news("failed", "b@ok.test", "5.1.1", "127.0.0.1", "550 other words", REFUSAL)));
  }

  @Test
  void comparesTheKindOfOutcome() {
    assertDiffers(
        "missing",
        List.of(BOUNCED),
        List.of(news("delayed", "b@ok.test", "5.1.1", "127.0.0.1", null, REFUSAL)));
  }

  @Test
  void letsAMessageExpireWithTheWordsOfItsLastDeferral() {
    News expired =
        new News(
            "failed",
            "pass",
            Optional.of("a@ok.test"),
            Optional.empty(),
            Optional.of("4.4.1"),
            DELAYED.remoteMta(),
            DELAYED.remoteAddress(),
            Optional.empty(),
            Optional.of(DEFERRED.text() + " (expired, returned to sender)"));
    assertAgrees(List.of(DEFERRED), List.of(DELAYED, expired));
    assertDiffers("invented", List.of(DEFERRED, SENT), List.of(DELAYED, RELAYED, expired));
  }

  @Test
  void acceptsUnreportedOnlyWherePostfixTellsNobody() {
    LogLine target = line("a@ok.test", "alias@v.test", SENT.relay(), "2.0.0", "sent", REPLY);
    Fate unreported = fate("a@ok.test", Optional.of("alias@v.test"), "unreported");
    Fate relayed = fate("a@ok.test", Optional.of("alias@v.test"), "relayed");
    Fate direct = fate("a@ok.test", Optional.empty(), "unreported");

    assertEquals(List.of(), differences(List.of(target), List.of(), List.of(unreported)));
    assertDiffers("claimed", differences(List.of(target), List.of(), List.of(relayed)));
    assertDiffers("missing", differences(List.of(SENT), List.of(), List.of(direct)));
    assertEquals(
        List.of(),
        Oracle.differences(
            List.of(SENT), entry(List.of(), List.of(direct)), Oracle.Told.NO_SUCCESS));
  }

  @Test
  void wantsTheTargetsOfAnExpansionInTheLog() {
    News expanded = news("expanded", "alias@v.test", "2.0.0", null, null, "alias expanded");
    LogLine target = line("a@ok.test", "alias@v.test", SENT.relay(), "2.0.0", "sent", REPLY);
    Fate unreported = fate("a@ok.test", Optional.of("alias@v.test"), "unreported");
    Fate alias = fate("alias@v.test", Optional.empty(), "expanded");

    assertEquals(
        List.of(), differences(List.of(target), List.of(expanded), List.of(alias, unreported)));
    assertDiffers("invented", differences(List.of(SENT), List.of(expanded, RELAYED), List.of()));
  }

  @Test
  void missesAnExpansionThatWasNeverRecorded() {
    LogLine target = line("a@ok.test", "alias@v.test", SENT.relay(), "2.0.0", "sent", REPLY);
    Fate unreported = fate("a@ok.test", Optional.of("alias@v.test"), "unreported");
    Fate alias = fate("alias@v.test", Optional.empty(), "unreported");

    assertDiffers("status", differences(List.of(target), List.of(), List.of(alias, unreported)));
  }

  @Test
  void wantsALineOfWhomTheJournalKnowsNoMoreAbout() {
    Fate nobody = fate("c@ok.test", Optional.empty(), "unreported");
    Fate merged = fate("a@ok.test", Optional.of("alias@v.test"), "unreported");
    List<Fate> known = fates(List.of(RELAYED));

    assertDiffers(
        "status", differences(List.of(SENT), List.of(RELAYED), List.of(known.get(0), nobody)));
    assertEquals(
        List.of(), differences(List.of(SENT), List.of(RELAYED), List.of(known.get(0), merged)));
    assertEquals(List.of(), differences(List.of(), List.of(), List.of(nobody)));
  }

  @Test
  void takesAForwardedMessageForAnExpandedAlias() {
    LogLine forwarded = line("list@ok.test", "", "local", "2.0.0", "sent", "forwarded as 8686F");
    News expanded = news("expanded", "list@ok.test", "2.0.0", null, null, "alias expanded");

    assertAgrees(List.of(forwarded), List.of(expanded));
    assertDiffers("missing", List.of(BOUNCED), List.of(expanded));
  }

  @Test
  void readsAReplyBeyondTheEndOfItsLine() {
    String reply = REPLY + "x".repeat(2000);
    LogLine cut = line("a@ok.test", "", SENT.relay(), "2.0.0", "sent", reply.substring(0, 1800));

    assertAgrees(
        List.of(cut), List.of(news("relayed", "a@ok.test", "2.0.0", "127.0.0.1:2525", reply, "x")));
    assertDiffers(
        "missing",
        List.of(cut),
        List.of(news("relayed", "a@ok.test", "2.0.0", "127.0.0.1:2525", "y" + reply, "x")));
  }

  @Test
  void findsAFinalStatusThatNoLineBacks() {
    assertDiffers(
        "status",
        differences(List.of(), List.of(), List.of(fate("a@ok.test", Optional.empty(), "relayed"))));
  }

  private static void assertAgrees(List<LogLine> log, List<News> events) {
    assertEquals(List.of(), differences(log, events, fates(events)));
  }

  private static void assertDiffers(String how, List<LogLine> log, List<News> events) {
    List<Fate> fates =
        events.isEmpty() ? List.of(fate("a@ok.test", Optional.empty(), "queued")) : fates(events);
    assertDiffers(how, differences(log, events, fates));
  }

  private static void assertDiffers(String how, List<String> differences) {
    assertTrue(
        differences.stream().anyMatch(d -> d.startsWith(how + ":")),
        () -> "expected a difference '" + how + "', got " + differences);
  }

  private static List<String> differences(List<LogLine> log, List<News> events, List<Fate> fates) {
    return Oracle.differences(log, entry(events, fates), Oracle.Told.EVERYTHING);
  }

  /** As the journal reduces them: a recipient's last event makes its state. */
  private static List<Fate> fates(List<News> events) {
    List<Fate> fates = new ArrayList<>();
    for (News news : events) {
      fates.removeIf(f -> f.address().equals(news.recipient().orElseThrow()));
      fates.add(
          new Fate(
              news.recipient().orElseThrow(),
              news.original(),
              Optional.of("default"),
              news.kind(),
              news.dsn(),
              news.remoteMta(),
              news.remoteAddress(),
              news.reply(),
              Optional.empty(),
              news.reason(),
              1,
              "pass"));
    }
    return fates;
  }

  private static Fate fate(String address, Optional<String> original, String status) {
    return new Fate(
        address,
        original,
        Optional.of("default"),
        status,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        "pass");
  }

  private static JournalEntry entry(List<News> events, List<Fate> fates) {
    Peer nobody = new Peer(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    return new JournalEntry(
        "Q.1",
        "mta.test",
        "Q",
        Optional.empty(),
        "s@letters.test",
        Optional.empty(),
        nobody,
        1,
        List.of(),
        fates,
        events);
  }

  private static LogLine line(
      String to, String original, String relay, String dsn, String status, String text) {
    return new LogLine("Q", to, original, relay, dsn, status, text);
  }

  private static News delayed(String reason) {
    return news("delayed", "a@ok.test", "4.4.1", "127.0.0.1:2525", null, reason);
  }

  private static News news(
      String kind, String address, String dsn, String remote, String reply, String reason) {
    return new News(
        kind,
        "pass",
        Optional.of(address),
        Optional.empty(),
        Optional.of(dsn),
        Optional.ofNullable(remote).map(r -> "mx.test"),
        Optional.ofNullable(remote),
        Optional.ofNullable(reply),
        Optional.of(reason));
  }
}
