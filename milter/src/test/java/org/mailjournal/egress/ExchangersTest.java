package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;

final class ExchangersTest {
  @TempDir Path directory;
  private final Watchdog watchdog = new Watchdog();
  private FakeDns dns;

  @BeforeEach
  void startDns() throws IOException {
    dns = new FakeDns();
  }

  @AfterEach
  void stopDns() {
    watchdog.close();
    dns.close();
  }

  private Exchangers exchangers(long seed) throws IOException {
    Settings settings =
        new RelayFixture(directory)
            .dns(dns.address(), 25, InetAddress.getByName("192.0.2.99"))
            .settings();
    return new Exchangers(settings, new Random(seed), watchdog);
  }

  private List<String> places(String domain) throws Exception {
    return exchangers(1).of(domain, 25, 10).stream().map(Target::peer).toList();
  }

  private String problem(String domain) throws IOException {
    Exchangers exchangers = exchangers(1);
    return assertThrows(HopException.class, () -> exchangers.of(domain, 25, 10)).answer().text();
  }

  @Test
  void exchangersComeByPreferenceWithAllTheirAddresses() throws Exception {
    dns.mx("d.example", 20, "second.example").mx("d.example", 10, "first.example");
    dns.address("first.example", "192.0.2.1").address("first.example", "2001:db8::1");
    dns.address("second.example", "192.0.2.2");
    assertEquals(
        List.of(
            "first.example ([2001:db8:0:0:0:0:0:1]:25)",
            "first.example (192.0.2.1:25)",
            "second.example (192.0.2.2:25)"),
        places("d.example"));
  }

  @Test
  void manyAddressesOfOneFamilyDoNotHideTheOthers() throws Exception {
    dns.address("d.example", "192.0.2.1").address("d.example", "192.0.2.2");
    for (int i = 1; i <= 10; i++) {
      dns.address("d.example", "2001:db8::" + i);
    }
    List<String> places = places("d.example");
    assertEquals(12, places.size());
    assertEquals(
        List.of(false, true, false, true, false),
        places.subList(0, 5).stream().map(place -> place.contains("(192.0.2.")).toList());
  }

  @Test
  void equalExchangersShareTheLoad() throws Exception {
    for (int i = 1; i <= 3; i++) {
      dns.mx("d.example", 10, "x" + i + ".example").address("x" + i + ".example", "192.0.2." + i);
    }
    Set<String> firsts = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      firsts.add(exchangers(seed).of("d.example", 25, 10).get(0).host().get());
    }
    assertEquals(Set.of("x1.example", "x2.example", "x3.example"), firsts);
  }

  @Test
  void aDomainWithoutMxIsItsOwnExchanger() throws Exception {
    dns.address("d.example", "192.0.2.1");
    assertEquals(List.of("d.example (192.0.2.1:25)"), places("d.example"));
  }

  @Test
  void aliasesAreFollowed() throws Exception {
    dns.alias("alias.example", "d.example").mx("d.example", 10, "first.example");
    dns.address("first.example", "192.0.2.1");
    assertEquals(List.of("first.example (192.0.2.1:25)"), places("alias.example"));
  }

  @Test
  void aDomainThatTakesNoMailIsPermanent() throws Exception {
    dns.mx("d.example", 0, ".");
    assertTrue(problem("d.example").startsWith("556 5.1.10 mail-journal: "));
  }

  @Test
  void aDomainThatDoesNotExistIsPermanent() throws Exception {
    assertTrue(problem("none.example").startsWith("550 5.1.2 mail-journal: "));
    assertTrue(problem("a..b").startsWith("550 5.1.2 mail-journal: "));
  }

  @ParameterizedTest
  @CsvSource({
    "stra\u00dfe.example, strasse.example",
    "nikos\u03c2.example, xn--nikos-kde.example",
    "a\u200cb.example, ab.example",
    "a\u200db.example, ab.example"
  })
  void aLetterThatWouldBeReadAsAnotherLeadsToNobodyElse(String domain, String other)
      throws Exception {
    dns.mx(other, 10, "theirs.example").address("theirs.example", "192.0.2.1");
    String problem = problem(domain);
    assertTrue(problem.startsWith("550 5.1.2 mail-journal: "), problem);
    assertTrue(problem.contains("A-label"), problem);
  }

  @Test
  void anALabelIsTakenAsItStands() throws Exception {
    dns.mx("xn--strae-oqa.example", 10, "first.example").address("first.example", "192.0.2.1");
    assertEquals(List.of("first.example (192.0.2.1:25)"), places("xn--strae-oqa.example"));
  }

  @ParameterizedTest
  @CsvSource({"b\u00fccher.example, xn--bcher-kva.example", "\u0527.example, xn--b8a.example"})
  void aLetterOfAnyAgeIsFound(String domain, String label) throws Exception {
    dns.mx(label, 10, "first.example").address("first.example", "192.0.2.1");
    assertEquals(List.of("first.example (192.0.2.1:25)"), places(domain));
  }

  @Test
  void failingNameServersAreTemporary() throws Exception {
    dns.fails("d.example");
    assertTrue(problem("d.example").startsWith("451 4.4.3 mail-journal: "));
    dns.mx("e.example", 10, "first.example").fails("first.example");
    assertTrue(problem("e.example").startsWith("451 4.4.3 mail-journal: "));
  }

  @Test
  void anExchangerWithoutAddressIsTemporary() throws Exception {
    dns.mx("d.example", 10, "none.example");
    assertTrue(problem("d.example").startsWith("451 4.4.4 mail-journal: "));
  }

  @Test
  void weAndWhatIsNoBetterThanWeAreLeftOut() throws Exception {
    dns.mx("d.example", 10, "first.example").address("first.example", "192.0.2.1");
    dns.mx("d.example", 20, RelayFixture.MTA).mx("d.example", 20, "equal.example");
    dns.mx("d.example", 30, "later.example").address("later.example", "192.0.2.3");
    assertEquals(List.of("first.example (192.0.2.1:25)"), places("d.example"));
  }

  @Test
  void aLoopToOurselvesIsRefused() throws Exception {
    dns.mx("d.example", 10, RelayFixture.MTA).address(RelayFixture.MTA, "192.0.2.1");
    assertTrue(problem("d.example").startsWith("451 4.4.6 mail-journal: "));
    dns.mx("e.example", 10, "us.example").address("us.example", "192.0.2.99");
    assertTrue(problem("e.example").startsWith("451 4.4.6 mail-journal: "));
    dns.address("f.example", "192.0.2.99");
    assertTrue(problem("f.example").startsWith("451 4.4.6 mail-journal: "));
  }

  @Test
  void theNextExchangerIsTriedWhenOneIsDownOrUnwilling() throws Exception {
    try (FakeHop greylisting = FakeHop.start("127.0.0.3", 0);
        FakeHop good = FakeHop.start("127.0.0.4", greylisting.port());
        RelayFixture fixture = new RelayFixture(directory)) {
      greylisting.says("greeting", "421 4.3.2 busy\r\n", "554 no mail here\r\n");
      dns.mx("d.example", 10, "down.example").address("down.example", "127.0.0.2");
      dns.mx("d.example", 20, "busy.example").address("busy.example", "127.0.0.3");
      dns.mx("d.example", 30, "good.example").address("good.example", "127.0.0.4");
      fixture.dns(dns.address(), good.port(), InetAddress.getByName("192.0.2.99")).start();
      for (int i = 1; i <= 2; i++) {
        try (FakeClient client = fixture.client()) {
          assertEquals(
              "250 2.0.0 Ok: queued as " + i,
              client.mail("a@example.org", "b@D.example", RelayFixture.message("Q" + i)));
        }
      }
      Event.Outcome outcome = fixture.outcomes().get(0);
      assertEquals(Optional.of("good.example"), outcome.remote().mta());
      assertEquals(Optional.of("127.0.0.4:" + good.port()), outcome.remote().address());
      assertEquals(2, greylisting.connections());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"greeting", "EHLO"})
  void theNextExchangerIsTriedSoonWhenOneSaysNothing(String stage) throws Exception {
    try (FakeHop silent = FakeHop.start("127.0.0.3", 0).says(stage, FakeHop.SILENCE);
        FakeHop good = FakeHop.start("127.0.0.4", silent.port());
        RelayFixture fixture = new RelayFixture(directory)) {
      dns.mx("d.example", 10, "silent.example").address("silent.example", "127.0.0.3");
      dns.mx("d.example", 20, "good.example").address("good.example", "127.0.0.4");
      fixture.patience(Duration.ofMinutes(2)).nextPatience(Duration.ofMillis(300));
      fixture.dns(dns.address(), good.port(), InetAddress.getByName("192.0.2.99")).start();
      try (FakeClient client = fixture.client()) {
        String reply =
            assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> client.mail("a@example.org", "b@d.example", RelayFixture.message("Q1")));
        assertEquals("250 2.0.0 Ok: queued as 1", reply);
      }
      assertEquals(1, silent.connections());
    }
  }

  @Test
  void theLastExchangerHasAllItsTime() throws Exception {
    try (FakeHop hop = FakeHop.start("127.0.0.3", 0);
        RelayFixture fixture = new RelayFixture(directory)) {
      hop.says("greeting", FakeHop.LATE + "220 hop.example ESMTP\r\n");
      dns.mx("d.example", 10, "late.example").address("late.example", "127.0.0.3");
      fixture.patience(Duration.ofMinutes(2)).nextPatience(Duration.ofMillis(1));
      fixture.dns(dns.address(), hop.port(), InetAddress.getByName("192.0.2.99")).start();
      try (FakeClient client = fixture.client()) {
        client.send("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@d.example>\r\n");
        await().until(() -> hop.connections() == 1);
        hop.goOn();
        assertTrue(client.reply().startsWith("250"));
        assertEquals("250 2.1.5 Ok", client.reply());
      }
    }
  }

  @Test
  void anAddressLiteralNeedsNoLookup() throws Exception {
    try (FakeHop hop = FakeHop.start();
        RelayFixture fixture = new RelayFixture(directory)) {
      fixture.dns(dns.address(), hop.port()).start();
      try (FakeClient client = fixture.client()) {
        assertTrue(
            client
                .mail("a@example.org", "b@[127.0.0.1]", RelayFixture.message("Q1"))
                .startsWith("250"));
        assertTrue(
            client
                .mail("a@example.org", "b@[example]", RelayFixture.message("Q2"))
                .startsWith("550 5.1.2"));
      }
    }
  }

  @Test
  void aRelayThatStopsWaitsForNoNameServer() throws IOException {
    dns.isSilentAbout("example.net");
    watchdog.close();
    assertTrue(problem("example.net").endsWith("exchangers of example.net: the relay stops"));
  }

  /** Each look-up may take 30 s, and the MTA waits five minutes for all of them. */
  @Test
  void exchangersThatNobodyKnowsDoNotKeepTheMtaFromTheOneThatThereIs() throws Exception {
    for (int i = 1; i <= 8; i++) {
      dns.mx("d.example", i, "silent" + i + ".example").isSilentAbout("silent" + i + ".example");
    }
    dns.mx("d.example", 9, "there.example").address("there.example", "192.0.2.9");
    assertEquals(
        List.of("there.example (192.0.2.9:25)"),
        assertTimeoutPreemptively(Duration.ofSeconds(25), () -> places("d.example")));
  }
}
