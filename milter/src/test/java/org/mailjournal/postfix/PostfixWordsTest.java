package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Remote;

class PostfixWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delivery via 127.0.0.1[127.0.0.1]:12600: 250 2.0.0 Ok | 127.0.0.1 | 127.0.0.1:12600",
        "delivery via mx.example[2001:db8::1]:25: 250 Ok | mx.example | [2001:db8::1]:25",
        "delivery via h[private/lmtp]: 250 Saved | h | private/lmtp",
        "host mx.example[192.0.2.1] said: 550 no (in reply to DATA) | mx.example | 192.0.2.1",
        "host mx.example[192.0.2.1] refused to talk to me: 554 | mx.example | 192.0.2.1",
        "Protocol error: host mx[192.0.2.1] said: 250 Ok (in reply to DATA) | mx | 192.0.2.1",
        "connect to mx.example[192.0.2.1]:25: Connection refused | mx.example | 192.0.2.1:25",
        "lost connection with mx[::1] while sending DATA command | mx | ::1",
        "conversation with mx[192.0.2.1] timed out while sending RCPT TO | mx | 192.0.2.1",
        "local data error while talking to mx[192.0.2.1] | mx | 192.0.2.1",
        "TLS is required, but was not offered by host mx[192.0.2.1] | mx | 192.0.2.1",
        "TLS is required, but host mx[192.0.2.1] refused to start TLS: 454 | mx | 192.0.2.1",
        "SMTPUTF8 is required, but was not offered by host mx[192.0.2.1] | mx | 192.0.2.1",
        "message size 9 exceeds size limit 5 of server mx[192.0.2.1] | mx | 192.0.2.1",
        "SASL authentication failed; server mx[192.0.2.1] said: 535 | mx | 192.0.2.1",
        "delivery temporarily suspended: connect to mx[192.0.2.1]:25: refused | mx | 192.0.2.1:25"
      })
  void theFarSideStandsInTheReason(String reason, String mta, String address) {
    assertEquals(
        new Remote(Optional.of(mta), Optional.of(address), Optional.empty()),
        RemoteText.of(Optional.empty(), Optional.of(reason)));
  }

  /** He can write what he likes, and so can what a pipe leads to. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host mx[192.0.2.1] said: 451 connect to evil[9.9.9.9]:25: refused | mx",
        "delivery temporarily suspended: host mx[192.0.2.1] said: 451 connect to evil[9.9.9.9] | mx",
        "Command output: connect to db[10.0.0.1]:5432: refused | ",
        "delivery via pipe service: host evil[9.9.9.9] said: 250 | ",
        "SASL authentication failed; non-empty initial X challenge from server x[9.9.9.9]: y | "
      })
  void aStrangersWordsNameNoHost(String reason, String mta) {
    assertEquals(
        Optional.ofNullable(mta), RemoteText.of(Optional.empty(), Optional.of(reason)).mta());
  }

  @ParameterizedTest
  @CsvSource({
    "delivery via local: delivered to maildir",
    "'Host or domain name not found. Name service error for name=x type=AAAA: Host not found'",
    "unknown user: \"a\""
  })
  void whereNoOtherSystemTookPartNoneIsNamed(String reason) {
    assertEquals(Remote.NONE, RemoteText.of(Optional.empty(), Optional.of(reason)));
  }

  @Test
  void theNameThatPostfixLookedUpGoesBeforeThatInTheReason() {
    Remote remote =
        RemoteText.of(
            Optional.of("mx.example"), Optional.of("host other[192.0.2.1] said: 450 later"));

    assertEquals(Optional.of("mx.example"), remote.mta());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.b@x | a.b@x",
        "two words@x | \"two words\"@x",
        "a@b@x | \"a@b\"@x",
        "say \"hi\\@x | \"say \\\"hi\\\\\"@x",
        ".a@x | \".a\"@x",
        "a..b@x | \"a..b\"@x",
        "jörg@x | jörg@x",
        "postmaster | postmaster"
      })
  void addressesAreQuotedAndUnquotedAsByPostfix(String internal, String external) {
    assertEquals(external, Quoting.external(internal));
    assertEquals(internal, Quoting.internal(external));
  }

  @Test
  void theNullAddressStaysNull() {
    assertEquals("", Quoting.external(""));
  }
}
