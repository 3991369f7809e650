package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Senders get from a Postfix with us exactly what they get from the same Postfix without us,
 * whatever they ask for and whatever becomes of their mail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SenderScenariosTest {
  private static final Duration WARNING = Duration.ofSeconds(1);

  private static final List<String> WISHES =
      List.of(
          "",
          "NOTIFY=NEVER",
          "NOTIFY=SUCCESS",
          "NOTIFY=FAILURE",
          "NOTIFY=DELAY",
          "NOTIFY=SUCCESS,FAILURE",
          "NOTIFY=FAILURE,DELAY",
          "NOTIFY=SUCCESS,FAILURE,DELAY",
          "NOTIFY=sUCCESS",
          "NOTIFY=sUCCESS,FAILURE,dELAY",
          "NOTIFY=FAILURE ORCPT=rfc822;somebody@else.test");

  private static final List<String> RECIPIENTS =
      List.of(
          "ok@one.test",
          "no@one.test",
          "content@two.test",
          "slow@one.test",
          "games@local.test",
          "solo@alias.test",
          "many@alias.test",
          "list@local.test",
          "news@local.test");

  /** One Postfix, the exchangers around it, and the letters that it took. */
  private record Side(Mta mta, List<Exchanger> exchangers, Exchanger home) {
    static Side of(Mta mta, Exchanger one, Exchanger two, Exchanger home) {
      one.at("no@one.test", Script.permanent()).at("list-target@one.test", Script.permanent());
      two.at("content@two.test", Script.permanentAtData())
          .at("forward-target@two.test", Script.permanent())
          .at("many-no@two.test", Script.permanent());
      return new Side(mta, List.of(one, two, home), home);
    }

    void send(Letter letter) {
      try (SmtpClient client = SmtpClient.connect(mta.smtp())) {
        client.ehlo("client.letters.test");
        Sent sent = Sent.over(client, letter);
        assertEquals(250, sent.end().code(), sent::toString);
      }
    }

    List<Notice> notices(String sender) {
      return home.received(sender).stream().map(Notice::of).sorted().toList();
    }
  }

  private World journaled;
  private Side with;
  private Side without;
  private final List<String> senders = new ArrayList<>();

  @BeforeAll
  void sendEverythingToBoth() {
    journaled = PostfixWorld.start("senders", setup -> setup.warnAfter(WARNING));
    with = Side.of(journaled.mta(), journaled.one(), journaled.two(), journaled.home());
    Exchanger one = Exchanger.start("mx.one.test");
    Exchanger two = Exchanger.start("mx.two.test");
    Exchanger home = Exchanger.start("mx.home.test");
    Mta plain = PostfixWorld.usual(one, two, home, two).warnAfter(WARNING).start();
    without = Side.of(plain, one, two, home);
    int count = 0;
    for (String wish : WISHES) {
      for (String recipient : RECIPIENTS) {
        String sender = "s%03d@home.test".formatted(count++);
        senders.add(sender);
        String to = recipient.startsWith("slow") ? "slow" + count + "@one.test" : recipient;
        Letter letter =
            Letter.from(sender)
                .with("RET=" + (count % 2 == 0 ? "HDRS" : "FULL"), "ENVID=E" + count)
                .to(to, wish.isEmpty() ? new String[0] : wish.split(" ", -1));
        for (Side side : List.of(with, without)) {
          if (recipient.startsWith("slow")) {
            side.exchangers().get(0).at(to, Script.temporary(2));
          }
          side.send(letter);
        }
      }
    }
    runThreePasses();
  }

  /** Behind the second pass, those that asked for it, or for nothing, are warned of the delay. */
  private void runThreePasses() {
    Instant warned = Instant.now().plus(WARNING).plusSeconds(1);
    Awaitility.await().atMost(1, TimeUnit.MINUTES).until(() -> Instant.now().isAfter(warned));
    for (Side side : List.of(with, without)) {
      Awaitility.await("an empty queue")
          .atMost(2, TimeUnit.MINUTES)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                side.mta().runQueue();
                return side.mta().queue().isEmpty();
              });
    }
  }

  @AfterAll
  void close() {
    if (without != null) {
      without.mta().close();
      without.exchangers().forEach(Exchanger::close);
    }
    if (journaled != null) {
      journaled.close();
    }
  }

  @Test
  void everySenderGetsTheSame() {
    List<String> expected = new ArrayList<>();
    List<String> got = new ArrayList<>();
    for (int i = 0; i < senders.size(); i++) {
      String letter =
          RECIPIENTS.get(i % RECIPIENTS.size()) + " " + WISHES.get(i / RECIPIENTS.size());
      expected.add(letter + ": " + without.notices(senders.get(i)));
      got.add(letter + ": " + with.notices(senders.get(i)));
    }
    assertEquals(String.join("\n", expected), String.join("\n", got));
  }

  @Test
  void theComparisonSeesNoticesOfEveryKind() {
    List<String> actions =
        senders.stream()
            .flatMap(sender -> without.notices(sender).stream())
            .flatMap(notice -> notice.actions().stream())
            .distinct()
            .sorted()
            .toList();

    assertEquals(List.of("delayed", "delivered", "expanded", "failed", "relayed"), actions);
  }

  @Test
  void nobodyElseHears() {
    for (Side side : List.of(with, without)) {
      assertFalse(
          side.home().received().stream()
              .flatMap(m -> m.recipients().stream())
              .anyMatch(r -> !senders.contains(r.address())));
    }
    assertEquals(without.home().received().size(), with.home().received().size());
  }
}
