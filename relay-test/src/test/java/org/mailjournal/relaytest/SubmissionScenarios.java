package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.Mta.Ability;

/** The ways in which a message can come in, and what is recorded of them. */
interface SubmissionScenarios {
  World world();

  @Test
  default void anInternationalEnvelope() {
    world().require(Ability.SMTPUTF8);
    Sent sent = world().send(Letter.from("jörg@home.test").to("grüße@one.test").with("SMTPUTF8"));

    JournalEntry entry = world().settled(sent);

    assertEquals("jörg@home.test", entry.sender());
    assertEquals("relayed", entry.fate("grüße@one.test").status());
    assertEquals(1, world().journal().find("--recipient", "grüße@one.test").size());
  }

  @Test
  default void headersInEightBits() {
    Letter letter = Letter.from("ada@home.test").to("eight@one.test");
    byte[] head =
        ("Message-ID: "
                + letter.messageId().orElseThrow()
                + "\r\nFrom: J\u00f6rg <j@home.test>\r\nSubject: Gr\u00fc\u00dfe\r\n\r\nHallo\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    Sent sent;
    try (SmtpClient client = world().client()) {
      client.mail("ada@home.test", "BODY=8BITMIME");
      SmtpReply rcpt = client.rcpt("eight@one.test");
      sent = world().accepted(new Sent(letter, List.of(rcpt), client.data(head)));
    }

    JournalEntry entry = world().settled(sent);

    assertEquals(letter.messageId(), entry.messageId());
    assertEquals("relayed", entry.fate("eight@one.test").status());
  }

  @Test
  default void aMessageIdInEightBits() {
    String id = "<\u00fcber." + System.nanoTime() + "@letters.test>";
    Sent sent = world().send(Letter.from("ada@home.test").to("id8@one.test").messageId(id));

    assertEquals(Optional.of(id), world().settled(sent).messageId());
  }

  @Test
  default void noMessageId() {
    Sent sent =
        world().send(Letter.from("ada@home.test").to("anonymous@one.test").withoutMessageId());

    JournalEntry entry = world().settled(sent);

    assertEquals("relayed", entry.fate("anonymous@one.test").status());
    // Some MTAs add one.
    byte[] copy = world().one().received("anonymous@one.test").get(0).content().toArray();
    assertEquals(Headers.first(copy, "Message-ID"), entry.messageId());
  }

  @Test
  default void twoMessagesWithOneMessageId() {
    Letter letter = Letter.from("ada@home.test").to("again@one.test");
    Sent first = world().send(letter);
    Sent second = world().send(letter);
    world().settled(first);
    world().settled(second);

    List<JournalEntry> found = world().journal().find(letter.messageId().orElseThrow());

    assertEquals(
        List.of(World.queueId(second), World.queueId(first)),
        found.stream().map(JournalEntry::queueId).toList());
  }

  @Test
  default void twoMessagesOnOneConnection() {
    Sent first;
    Sent second;
    try (SmtpClient client = world().client()) {
      first =
          world().accepted(Sent.over(client, Letter.from("ada@home.test").to("first@one.test")));
      second =
          world().accepted(Sent.over(client, Letter.from("bob@home.test").to("second@two.test")));
    }

    JournalEntry one = world().settled(first);
    JournalEntry two = world().settled(second);

    assertEquals("ada@home.test", one.sender());
    assertEquals("relayed", one.fate("first@one.test").status());
    assertEquals("bob@home.test", two.sender());
    assertEquals("relayed", two.fate("second@two.test").status());
    assertEquals(1, two.recipients().size());
    assertEquals(second.letter().messageId(), two.messageId());
  }

  @Test
  default void heloWithoutExtensions() {
    try (SmtpClient client = SmtpClient.connect(world().mta().smtp())) {
      client.command("HELO old.letters.test");
      Sent sent =
          world().accepted(Sent.over(client, Letter.from("ada@home.test").to("helo@one.test")));

      JournalEntry entry = world().settled(sent);

      assertEquals(Optional.of("old.letters.test"), entry.client().helo());
      assertEquals("relayed", entry.fate("helo@one.test").status());
    }
  }

  @Test
  default void aClientOnIpv6() {
    world().require(Ability.IPV6);
    InetSocketAddress six = World.overIpv6(world().mta().smtp());
    try (SmtpClient client = SmtpClient.connect(six)) {
      client.ehlo("six.letters.test");
      Sent sent =
          world().accepted(Sent.over(client, Letter.from("ada@home.test").to("six@one.test")));

      assertEquals(Optional.of("::1"), world().settled(sent).client().address());
    }
  }

  @Test
  default void aClientThatXclientNames() {
    JournalEntry entry =
        through("NAME=mail.example.org ADDR=IPV6:2001:db8::7 HELO=they.example.org");

    assertEquals(Optional.of("mail.example.org"), entry.client().name());
    assertEquals(Optional.of("2001:db8::7"), entry.client().address());
  }

  @Test
  default void aClientOfWhichNothingIsKnown() {
    JournalEntry entry = through("NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE]");

    assertEquals(Optional.empty(), entry.client().address());
    assertTrue(entry.isSettled());
  }

  private JournalEntry through(String attributes) {
    world().require(Ability.XCLIENT);
    try (SmtpClient client = world().client()) {
      assertEquals(220, client.command("XCLIENT " + attributes).code());
      client.ehlo("client.letters.test");
      return world()
          .settled(
              world()
                  .accepted(
                      Sent.over(client, Letter.from("ada@home.test").to("xclient@one.test"))));
    }
  }

  @Test
  default void encryptedAndAuthenticated() {
    world().require(Ability.AUTH);
    try (SmtpClient client = world().loggedIn()) {
      Sent sent =
          world().accepted(Sent.over(client, Letter.from("ada@home.test").to("secret@one.test")));

      JournalEntry entry = world().settled(sent);

      assertEquals(
          world().mta().can(Ability.STARTTLS),
          entry.client().tls().filter(t -> t.startsWith("TLSv1.")).isPresent(),
          entry::toString);
      assertTrue(
          entry.authenticatedAs().filter(a -> a.startsWith(World.USER)).isPresent(),
          entry::toString);
    }
  }

  @Test
  default void aWrongPassword() {
    world().require(Ability.AUTH);
    try (SmtpClient client = world().client()) {
      if (world().mta().can(Ability.STARTTLS)) {
        client.startTls();
        client.ehlo("client.letters.test");
      }
      assertEquals(535, client.authPlain(World.USER, "guess").code());
      Sent sent =
          world().accepted(Sent.over(client, Letter.from("ada@home.test").to("guess@one.test")));

      assertEquals(Optional.empty(), world().settled(sent).authenticatedAs());
    }
  }

  @Test
  default void encryptedOnly() {
    world().require(Ability.STARTTLS);
    try (SmtpClient client = world().client()) {
      assertEquals(220, client.startTls().code());
      client.ehlo("client.letters.test");
      Sent sent =
          world().accepted(Sent.over(client, Letter.from("ada@home.test").to("tls@one.test")));

      JournalEntry entry = world().settled(sent);

      assertTrue(entry.client().tls().isPresent());
      assertEquals(Optional.empty(), entry.authenticatedAs());
    }
  }
}
