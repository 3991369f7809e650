package org.mailjournal.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Status;

final class TlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path keys;
  private static SSLContext certified;

  @TempDir Path directory;
  private FakeHop hop;
  private RelayFixture fixture;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = keys.resolve("store");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-keystore",
        store.toString(),
        "-storepass",
        "secret");
    keytool(
        "-exportcert",
        "-rfc",
        "-keystore",
        store.toString(),
        "-storepass",
        "secret",
        "-file",
        keys.resolve("trust.pem").toString());
    certified = context(store);
  }

  private static void keytool(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
    KeyStore keyStore = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keyStore.load(in, "secret".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keyStore, "secret".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @BeforeEach
  void startHop() throws IOException {
    hop = FakeHop.start();
    fixture = new RelayFixture(directory);
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    hop.close();
  }

  private String mail(String host, String tls, Optional<Path> credentials) throws IOException {
    fixture.route(Route.of("*", host + ":" + hop.port(), Optional.of(tls), credentials));
    return mail();
  }

  private String mail() throws IOException {
    fixture.start();
    try (FakeClient client = fixture.client()) {
      return client.mail("a@example.org", "b@example.net", RelayFixture.message("Q1"));
    }
  }

  @Test
  void tlsIsTakenWhereItIsOfferedAndRecorded() throws IOException {
    hop.withTls(certified);
    assertTrue(mail("[127.0.0.1]", "opportunistic", Optional.empty()).startsWith("250"));
    assertTrue(fixture.onlyOutcome().remote().tls().get().startsWith("TLSv1.3 TLS_"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail_1.example.com", "-mail.example.com", "mail-.example.com"})
  void anExchangerWhoseNameTlsDoesNotTakeIsServedAllTheSame(String host) throws IOException {
    hop.withTls(certified);
    try (FakeDns dns = new FakeDns().mx("example.net", 10, host).address(host, "127.0.0.1")) {
      fixture.dns(dns.address(), hop.port());
      assertTrue(mail().startsWith("250"));
    }
    assertTrue(fixture.onlyOutcome().remote().tls().isPresent());
  }

  @Test
  void whateverTheHandshakeThrowsIsTheEndOfItsConnectionOnly() throws IOException {
    try (Watchdog watchdog = new Watchdog();
        SocketChannel noSocket = SocketChannel.open();
        Wire wire = Wire.of(noSocket, "peer", watchdog)) {
      TlsClient client = new TlsClient(Optional.empty());
      HopException failed =
          assertThrows(HopException.class, () -> wire.startTls(client, "host", false, PATIENCE));
      assertTrue(failed.answer().text().startsWith("451 4.4.2 mail-journal: TLS with peer"));
    }
  }

  @Test
  void theTrustedNameIsVerified() throws IOException {
    hop.withTls(certified);
    fixture.trust(keys.resolve("trust.pem"));
    assertTrue(mail("localhost", "verified", Optional.empty()).startsWith("250"));
    assertTrue(fixture.onlyOutcome().remote().tls().isPresent());
  }

  @Test
  void aCertificateForAnotherNameIsNotVerified() throws IOException {
    hop.withTls(certified);
    fixture.trust(keys.resolve("trust.pem"));
    String reply = mail("[127.0.0.1]", "verified", Optional.empty());
    assertTrue(reply.startsWith("451 4.7.5 mail-journal: "), reply);
    assertTrue(hop.commands().stream().noneMatch(c -> c.startsWith("MAIL")));
  }

  @Test
  void anUnknownAuthorityIsNotVerified() throws IOException {
    hop.withTls(certified);
    assertTrue(mail("localhost", "verified", Optional.empty()).startsWith("451 4.7.5"));
  }

  @ParameterizedTest
  @CsvSource({"required", "verified"})
  void whereTlsIsDemandedNothingGoesInClear(String tls) throws IOException {
    assertTrue(mail("localhost", tls, Optional.empty()).startsWith("451 4.7.4 mail-journal: "));
    assertTrue(hop.commands().stream().noneMatch(c -> c.startsWith("MAIL")));
  }

  @Test
  void aRefusedStartTlsIsNoReasonToGoInClear() throws IOException {
    hop.offers("STARTTLS").says("STARTTLS", "454 4.7.0 not now\r\n");
    assertTrue(mail("localhost", "required", Optional.empty()).startsWith("451 4.7.4"));
  }

  @Test
  void brokenTlsIsDoneWithoutWhereItIsNotDemanded() throws IOException {
    hop.offers("STARTTLS").says("STARTTLS", "220 go\r\n");
    fixture.patience(Duration.ofSeconds(2));
    assertTrue(mail("[127.0.0.1]", "opportunistic", Optional.empty()).startsWith("250"));
    assertEquals(Optional.empty(), fixture.onlyOutcome().remote().tls());
    assertEquals(2, hop.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"220 go\r\n", "454 4.7.0 not now\r\n"})
  void aNextHopThatInsistsOnTlsIsTriedAgainWhereItFailed(String words) throws IOException {
    hop.offers("STARTTLS").says("STARTTLS", words);
    hop.says("MAIL", "530 5.7.0 Must issue a STARTTLS command first\r\n");
    fixture.patience(Duration.ofSeconds(3));
    String reply = mail("[127.0.0.1]", "opportunistic", Optional.empty());
    assertTrue(reply.startsWith("451 4.7.5 mail-journal: "), reply);
    assertTrue(reply.contains("TLS with [127.0.0.1]"), reply);
    assertTrue(reply.endsWith("it said 530 5.7.0 Must issue a STARTTLS command first"), reply);
    assertEquals(Status.DELAYED, fixture.onlyOutcome().status());
    assertTrue(fixture.onlyOutcome().remote().address().isPresent());
  }

  @Test
  void whatIsRefusedInsideTlsIsRefused() throws IOException {
    hop.withTls(certified).says("MAIL", "530 5.7.0 Authentication required\r\n");
    assertEquals(
        "530 5.7.0 Authentication required",
        mail("[127.0.0.1]", "opportunistic", Optional.empty()));
  }

  @Test
  void whatWasOfferedInClearIsForgottenInsideTls() throws IOException {
    String clear = "250-hop.example\r\n250-STARTTLS\r\n250-PIPELINING\r\n250 SIZE\r\n";
    hop.withTls(certified).says("EHLO", clear, "502 5.5.1 what\r\n");
    fixture.route("*", hop).start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org> SIZE=100");
      assertTrue(client.ask("RCPT TO:<b@example.net>").startsWith("250"));
    }
    assertTrue(hop.commands().contains("MAIL FROM:<a@example.org>"));
  }

  @Test
  void wordsBehindTheReplyToStartTlsAreNotBelieved() throws IOException {
    hop.withTls(certified).says("STARTTLS", "220 go\r\n250 injected\r\n");
    assertTrue(mail("localhost", "required", Optional.empty()).startsWith("451 4.7.5"));
  }

  private Path credentials() throws IOException {
    return Files.writeString(directory.resolve("login"), "user\npa55\n");
  }

  @Test
  void credentialsGoThroughTlsOnly() throws IOException {
    hop.offers("AUTH PLAIN");
    assertTrue(
        mail("[127.0.0.1]", "opportunistic", Optional.of(credentials()))
            .startsWith("451 4.7.11 mail-journal: "));
    assertTrue(hop.commands().stream().noneMatch(c -> c.startsWith("AUTH")));
  }

  @Test
  void aSmarthostGetsCredentials() throws IOException {
    hop.withTls(certified);
    assertTrue(mail("[127.0.0.1]", "required", Optional.of(credentials())).startsWith("250 2.0.0"));
    String plain = Base64.getEncoder().encodeToString("\0user\0pa55".getBytes(UTF_8));
    assertTrue(hop.commands().contains("AUTH PLAIN " + plain));
  }

  @Test
  void loginIsSpokenInClearOnlyWhenTheRouteSaysSo() throws IOException {
    hop.offers("AUTH LOGIN").says("AUTH", "334 VXNlcm5hbWU6\r\n");
    hop.says("dXNlcg==", "334 UGFzc3dvcmQ6\r\n").says("cGE1NQ==", "235 2.7.0 hello\r\n");
    fixture.route(
        new Route(
            "*",
            new Route.Hop.Smtp("127.0.0.1", hop.port()),
            Route.Tls.OPPORTUNISTIC,
            Optional.of(credentials()),
            true));
    assertTrue(mail().startsWith("250 2.0.0"));
  }

  @Test
  void refusedCredentialsAreTemporaryAndNeverShown() throws IOException {
    hop.withTls(certified).says("AUTH", "535 5.7.8 wrong\r\n");
    String reply = mail("[127.0.0.1]", "required", Optional.of(credentials()));
    assertTrue(reply.startsWith("451 4.7.8 mail-journal: "), reply);
    assertTrue(!reply.contains("pa55"), reply);
  }
}
