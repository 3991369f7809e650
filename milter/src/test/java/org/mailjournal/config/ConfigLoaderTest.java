package org.mailjournal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.config.Config.Listen;

class ConfigLoaderTest {
  @TempDir private Path directory;

  private Config load(String text) throws IOException {
    Path file = directory.resolve("journal.conf");
    Files.writeString(file, text);
    return new ConfigLoader().load(file);
  }

  private List<Problem> problems(String text) {
    return assertThrows(ConfigException.class, () -> load(text)).problems();
  }

  @Test
  void anEmptyFileRunsOnTheDefaults() throws IOException {
    Config config = load("");

    assertEquals(new Listen.Inet("127.0.0.1", 8891), config.milter().listen());
    assertEquals(1000, config.milter().maxConnections());
    assertEquals(Duration.ofHours(2), config.milter().idle());
    assertEquals(Optional.empty(), config.postfix());
    assertEquals(Optional.empty(), config.egress());
    assertEquals("jdbc:sqlite:/var/lib/mailjournal/journal.db", config.store().url());
    assertEquals(Config.OnFailure.TEMPFAIL, config.onFailure());
    assertEquals(List.of(), config.internalRelays());
    assertEquals(Optional.empty(), config.retention());
  }

  @Test
  void everyKeyIsRead() throws IOException {
    Config config =
        load(
            """
            milter { listen = "unix:/run/mj/milter", max-connections = 20, idle-timeout = 90s }
            postfix { queue-directory = "/var/spool/postfix", audit = 1m }
            egress {
              listen = "inet:[::1]:2526"
              mta-names = [ "mail.example.com", "mx_1" ]
              routes = [
                { domain = "*", to = "mx" }
                { domain = ".example.com", to = "[192.0.2.1]:25", tls = verified
                  credentials = "/etc/mailjournal/smarthost" }
              ]
              clients = [ "10.0.0.0/8" ]
              resolver = "[::1]:5353", mx-port = 2525, own-addresses = [ "192.0.2.7" ]
              trust = "/etc/ssl/own.pem"
              timeouts { connect = 1s, greeting = 2s, command = 3s
                data = 4s, block = 5s, end-of-data = 6s }
            }
            store.url = "jdbc:sqlite:/srv/journal.db"
            on-failure = accept
            internal-relays = ["192.0.2.0/24", "2001:db8::1"]
            retention = 400d
            """);

    assertEquals(new Listen.Unix(Path.of("/run/mj/milter")), config.milter().listen());
    assertEquals(20, config.milter().maxConnections());
    assertEquals(Duration.ofSeconds(90), config.milter().idle());
    assertEquals(
        Optional.of(new Config.Postfix(Path.of("/var/spool/postfix"), Duration.ofMinutes(1))),
        config.postfix());
    assertEquals(new Listen.Inet("::1", 2526), config.egress().orElseThrow().listen());
    assertEquals(List.of("mail.example.com", "mx_1"), config.egress().orElseThrow().mtaNames());
    assertEquals(
        List.of(
            new Config.Route("*", "mx", Optional.empty(), Optional.empty()),
            new Config.Route(
                ".example.com",
                "[192.0.2.1]:25",
                Optional.of("verified"),
                Optional.of(Path.of("/etc/mailjournal/smarthost")))),
        config.egress().orElseThrow().routes());
    assertEquals(List.of("10.0.0.0/8"), config.egress().orElseThrow().clients());
    assertEquals(
        new Config.Dns(Optional.of(new Config.Place("::1", 5353)), 2525, List.of("192.0.2.7")),
        config.egress().orElseThrow().dns());
    assertEquals(Optional.of(Path.of("/etc/ssl/own.pem")), config.egress().orElseThrow().trust());
    assertEquals(
        new Config.Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Duration.ofSeconds(6)),
        config.egress().orElseThrow().timeouts());
    assertEquals("jdbc:sqlite:/srv/journal.db", config.store().url());
    assertEquals(Config.OnFailure.ACCEPT, config.onFailure());
    assertEquals(List.of("192.0.2.0/24", "2001:db8::1"), config.internalRelays());
    assertEquals(Optional.of(Duration.ofDays(400)), config.retention());
  }

  @Test
  void theRelayWaitsAsTheRfcAsks() throws IOException {
    Config.Egress egress = load("egress.listen = \"unix:/e\"").egress().orElseThrow();

    assertEquals(new Config.Dns(Optional.empty(), 25, List.of()), egress.dns());
    assertEquals(
        new Config.Timeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10)),
        egress.timeouts());
  }

  @Test
  void theRelayMayBeOpenToNamedClientsOnly() throws IOException {
    Config.Egress egress =
        load("egress { listen = \"inet:25@192.0.2.1\", clients = [ \"192.0.2.7\" ] }")
            .egress()
            .orElseThrow();

    assertEquals(new Listen.Inet("192.0.2.1", 25), egress.listen());
    assertEquals(List.of("192.0.2.7"), egress.clients());
  }

  @Test
  void everyProblemIsNamedInOneRunWithItsKeyValueLineAndForm() {
    List<Problem> problems =
        problems(
            """
            milter.listen = "tcp:25"
            milter.max-connections = 0
            milter.idle-timeout = 30
            postfix.queue-directory = spool
            postfix.audit = 2d
            on-failure = maybe
            internal-relays = [ "192.0.2.0/33", true ]
            retention = [ 1 ]
            colour = blue
            """);

    assertEquals(
        List.of(
            "9 colour \"blue\"",
            "1 milter.listen \"tcp:25\"",
            "2 milter.max-connections 0",
            "3 milter.idle-timeout 30",
            "4 postfix.queue-directory \"spool\"",
            "5 postfix.audit \"2d\"",
            "6 on-failure \"maybe\"",
            "7 internal-relays \"192.0.2.0/33\"",
            "7 internal-relays true",
            "8 retention [1]"),
        problems.stream().map(ConfigLoaderTest::place).toList());
    assertTrue(problems.stream().allMatch(p -> p.expected().length() > 10));
    assertEquals(
        "line 2: milter.max-connections = 0: expected a whole number from 1 to 100000",
        problems.get(2).toString());
  }

  @Test
  void anIncludedFileMayBeMissingUnlessItIsRequired() throws IOException {
    assertEquals(List.of(), load("include \"more.conf\"").internalRelays());
    Files.writeString(directory.resolve("more.conf"), "internal-relays = [ \"192.0.2.7\" ]");
    assertEquals(List.of("192.0.2.7"), load("include \"more.conf\"").internalRelays());

    List<Problem> problems = problems("include required(\"none.conf\")");
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.get(0).expected().contains("none.conf"), problems::toString);
  }

  /** Java takes an IPv4-mapped address for an IPv4 one, whose bits end at 32. */
  @Test
  void anIpv4MappedNetworkIsTheIpv4NetworkThatItIs() throws IOException {
    String networks =
        "[ \"::ffff:192.0.2.0/120\", \"::FFFF:c000:0200/104\", \"0:0:0:0:0:ffff:c000:207\","
            + " \"2001:db8::/32\", \"::192.0.2.0/120\" ]";
    List<String> plain =
        List.of("192.0.2.0/24", "192.0.2.0/8", "192.0.2.7", "2001:db8::/32", "::192.0.2.0/120");

    assertEquals(plain, load("internal-relays = " + networks).internalRelays());
    assertEquals(
        plain,
        load("egress { listen = \"unix:/e\", clients = " + networks + " }")
            .egress()
            .orElseThrow()
            .clients());
  }

  private static String place(Problem problem) {
    return problem.line().orElse(0)
        + " "
        + problem.key().orElse("-")
        + " "
        + problem.value().orElse("-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "milter = 5 | milter | a section is expected",
        "milter.listen.host = x | milter.listen | expected \"inet:",
        "milter.lisen = x | milter.lisen | unknown key; the keys are milter.idle-timeout,"
            + " milter.listen, milter.max-connections",
        "milters.listen = x | milters | unknown key; the keys are egress.clients, egress.listen,",
        "foo {} | foo | unknown key",
        "\"milter.listen\" = x | \"milter.listen\" | unknown key",
        "milter.max-connections = 1.5 | milter.max-connections | whole number",
        "milter.max-connections = 100001 | milter.max-connections | whole number",
        "milter.idle-timeout = 0s | milter.idle-timeout | from 1s",
        "milter.idle-timeout = 99999999999999999999d | milter.idle-timeout | from 1s",
        "milter.listen = null | milter.listen | expected",
        "milter.listen = \"\" | milter.listen | expected",
        "milter.listen = \"inet:70000@127.0.0.1\" | milter.listen | expected",
        "milter.listen = \"unix:relative\" | milter.listen | expected",
        "egress.listen = \"inet:25@192.0.2.1\" | egress.listen | loopback",
        "egress { listen = \"inet:25@192.0.2.1\", clients = [] } | egress.listen | egress.clients",
        "egress { listen = \"unix:/e\", clients = [ \"0.0.0.0/0\" ] } | egress.clients | than /8",
        "egress { listen = \"unix:/e\", clients = [ \"::/0\" ] } | egress.clients | than /8",
        "egress { listen = \"unix:/e\", clients = [ \"128.0.0.0/1\" ] } | egress.clients | than /8",
        "egress { listen = \"unix:/e\", resolver = \"ns.example:53\" } | egress.resolver | address",
        "egress { listen = \"unix:/e\", resolver = \"127.0.0.1\" } | egress.resolver | a port",
        "egress { listen = \"unix:/e\", resolver = \"[::1]:70000\" } | egress.resolver | a port",
        "egress { listen = \"unix:/e\", resolver = \"300.0.0.1:53\" } | egress.resolver | address",
        "egress { listen = \"unix:/e\", mx-port = 0 } | egress.mx-port | whole number",
        "egress { listen = \"unix:/e\", own-addresses = [ mx ] } | egress.own-addresses | a list",
        "egress { listen = \"unix:/e\", trust = own.pem } | egress.trust | absolute path",
        "egress { listen = \"unix:/e\", timeouts.data = 2h } | egress.timeouts.data | to 1h",
        "egress.resolver = \"127.0.0.1:53\" | egress.resolver | has no effect without",
        "egress.timeouts.connect = 5s | egress.timeouts.connect | has no effect without",
        "egress.routes = [ { domain = \"*\", to = mx } ] | egress.routes | has no effect without",
        "egress.mta-names = [ mail ] | egress.mta-names | has no effect without",
        "egress { listen = \"unix:/e\", mta-names = mail } | egress.mta-names | a list of host"
            + " names",
        "egress { listen = \"unix:/e\", mta-names = [ \"a b\" ] } | egress.mta-names | a list of"
            + " host",
        "store.url = \"jdbc:h2:mem\" | store.url | jdbc:sqlite",
        "store.url = \"jdbc:sqlite:relative.db\" | store.url | jdbc:sqlite",
        "store.url = \"jdbc:sqlite://\" | store.url | jdbc:sqlite",
        "store.url = \"jdbc:sqlite:/srv/a\\u0000b\" | store.url | jdbc:sqlite",
        "store.url = \"jdbc:sqlite:/srv/journal.db?cache=shared\" | store.url | jdbc:sqlite",
        "store.url = \"jdbc:postgresql://db.example.org/journal\" | store.url | jdbc:sqlite",
        "on-failure = [] | on-failure | tempfail or accept",
        "internal-relays = 192.0.2.1 | internal-relays | a list",
        "internal-relays = [ \"1:2:3\" ] | internal-relays | a list",
        "internal-relays = [ \"2001:db8::1:\" ] | internal-relays | a list",
        "internal-relays = [ \":1::2\" ] | internal-relays | a list",
        "internal-relays = [ \"::1/129\" ] | internal-relays | a list",
        "internal-relays = [ \"0.0.0.0/0\" ] | internal-relays | than /8",
        "internal-relays = [ \"::/0\" ] | internal-relays | than /8",
        "internal-relays = [ \"::ffff:0:0/96\" ] | internal-relays | than /8",
        "internal-relays = [ \"::ffff:192.0.2.0/64\" ] | internal-relays | a list",
        "retention = 3h | retention | from 1d",
      })
  void aWrongValueIsRefused(String text, String key, String expected) {
    List<Problem> problems = problems(text);

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(Optional.of(key), problems.get(0).key());
    assertEquals(Optional.of(1), problems.get(0).line());
    assertTrue(problems.get(0).expected().contains(expected), problems.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ to = mx } | egress.routes.1 | domain is missing",
        "{ domain = \"a.example\" } | egress.routes.1 | to is missing",
        "{ domain = \"a@b\", to = mx } | egress.routes.1.domain | expected",
        "{ domain = \"*\", to = somewhere } | egress.routes.1.to | lmtp:inet",
        "{ domain = \"*\", to = \"mx.test:0\" } | egress.routes.1.to | host:port",
        "{ domain = \"*\", to = \"mx.test:65536\" } | egress.routes.1.to | host:port",
        "{ domain = \"*\", to = \"[::1]:70000\" } | egress.routes.1.to | [address]:port",
        "{ domain = \"*\", to = \"lmtp:inet:mx.test:99999\" } | egress.routes.1.to | lmtp:inet",
        "{ domain = \"*\", to = mx, tls = yes } | egress.routes.1.tls | opportunistic",
        "{ domain = \"*\", to = mx, port = 25 } | egress.routes.1.port | unknown key",
        "{ domain = \"*\", to = mx, credentials = x } | egress.routes.1.credentials | absolute",
        "mx | egress.routes.1 | a list",
      })
  void aWrongRouteIsRefused(String route, String key, String expected) {
    List<Problem> problems =
        problems("egress { listen = \"inet:2526@127.0.0.1\", routes = [ " + route + " ] }");

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(Optional.of(key), problems.get(0).key());
    assertTrue(problems.get(0).expected().contains(expected), problems.toString());
  }

  @Test
  void theHighestPortOfARouteIsRead() throws IOException {
    Config config =
        load(
            "egress { listen = \"inet:2526@127.0.0.1\""
                + ", routes = [ { domain = \"*\", to = \"mx.test:65535\" } ] }");

    assertEquals("mx.test:65535", config.egress().orElseThrow().routes().get(0).to());
  }

  @Test
  void aFileThatCannotBeParsedIsRefusedWithItsLine() {
    List<Problem> problems = problems("on-failure = accept\nmilter.listen = unix:/run/x\n");

    assertEquals(1, problems.size());
    assertEquals(Optional.of(2), problems.get(0).line());
    assertTrue(problems.get(0).expected().contains("double quotes"), problems.toString());
  }

  @Test
  void aMissingFileIsRefusedWithItsName() {
    Path file = directory.resolve("none.conf");

    ConfigException refusal =
        assertThrows(ConfigException.class, () -> new ConfigLoader().load(file));

    assertTrue(refusal.getMessage().contains(file + ": there is no such file"));
  }

  @Test
  void aDirectoryIsRefused() {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> new ConfigLoader().load(directory));

    assertTrue(refusal.getMessage().contains("not a regular file"));
  }

  @Test
  void aFileTooLongToBeAConfigurationIsNotRead() throws IOException {
    Path file = directory.resolve("mail.log");
    Files.write(file, new byte[(1 << 20) + 1]);

    ConfigException refusal =
        assertThrows(ConfigException.class, () -> new ConfigLoader().load(file));

    assertTrue(refusal.getMessage().contains("longer than"));
  }

  @Test
  void aFileNestedWithoutEndIsRefused() {
    assertTrue(problems("a = " + "[".repeat(200_000)).get(0).toString().contains("nested"));
  }
}
