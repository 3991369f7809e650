package org.mailjournal.receipt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.ContentDigest;
import org.mailjournal.journal.ContentHasher;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * What the journal knows of one message, as its site signs it; the key is made once for all tests.
 */
abstract class EvidenceCase {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final MessageKey KEY =
      new MessageKey("mail.example.org", new QueueId("51E02514002"), NOON);
  private static final String BODY = "We meet at eleven.\r\nFrom here.\r\n";
  static final String MAIL = "From: a@b\r\nSubject: hello\r\n\r\n" + BODY;
  static final String REPLY = "250 2.0.0 Ok: \"queued\" as 4B61\n250 é\u202e\\";

  @TempDir static Path keys;
  static Signer signer;
  @TempDir Path directory;
  OpenSsl openssl;

  @BeforeAll
  static void key() {
    signer =
        Signer.open(
            new SigningSettings(
                Optional.empty(),
                Optional.empty(),
                keys.resolve("key.p12"),
                "mail.example.org",
                Optional.empty()),
            Clock.systemUTC());
  }

  @BeforeEach
  void openssl() {
    openssl = new OpenSsl(directory);
  }

  static ContentDigest digest() {
    ContentHasher hasher = new ContentHasher();
    hasher.field("From", () -> " a@b".getBytes(US_ASCII));
    hasher.field("Subject", () -> " hello".getBytes(US_ASCII));
    hasher.body(BODY.getBytes(US_ASCII), 0, BODY.length());
    return hasher.digest().orElseThrow();
  }

  static String json(Optional<ContentDigest> digest) {
    Event received =
        new Event.Received(
            NOON,
            Source.MILTER,
            KEY,
            MessageId.ofField("<m@x>"),
            new Address("a@b"),
            Optional.empty(),
            Client.UNKNOWN,
            99,
            List.of(),
            List.of(
                new Event.Accepted(
                    new Address("x@y"), Asked.DEFAULT, Optional.empty(), Optional.empty(), true)),
            List.of(),
            digest);
    Event relayed =
        new Event.Outcome(
            NOON.plusSeconds(1),
            Source.PASS,
            KEY,
            Recipient.of(new Address("x@y")),
            Status.RELAYED,
            EnhancedStatus.of("2.0.0"),
            new Remote(Optional.of("mx.y"), Optional.empty(), Optional.empty()),
            Optional.of(REPLY),
            Optional.empty(),
            "");
    return Evidence.json(
        KEY,
        List.of(new RecordedEvent(1, received), new RecordedEvent(2, relayed)),
        new Evidence.Witness("mail.example.org", "0.1.0"),
        NOON.plusSeconds(60));
  }

  Path bundle(Optional<ContentDigest> digest) throws Exception {
    return Files.write(directory.resolve("evidence.eml"), EvidenceBundle.of(json(digest), signer));
  }

  Path bundle() throws Exception {
    return bundle(Optional.of(digest()));
  }

  Verdict check(Path evidence, String message) throws Exception {
    Path copy = Files.writeString(directory.resolve("copy.eml"), message, ISO_8859_1);
    return new EvidenceCheck(Clock.systemUTC())
        .check(evidence, Optional.of(copy), Optional.empty());
  }

  Verdict check(Path evidence, Optional<Path> authorities) {
    return new EvidenceCheck(Clock.systemUTC()).check(evidence, Optional.empty(), authorities);
  }
}
