package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mailjournal.journal.Bytes;
import org.mailjournal.relaytest.JournalCommand.Answer;
import org.mailjournal.relaytest.Mta.Ability;

/**
 * Evidence of which text was accepted: it holds for the copy in the recipient's mailbox and for the
 * one in the sender's Sent folder, and for no other.
 */
interface EvidenceScenarios {
  String WORD = "eleven";

  World world();

  /** Texts that mail systems are known to change, each with one {@link #WORD} in its body. */
  enum Text {
    PLAIN {
      @Override
      Letter write(Letter letter) {
        return letter;
      }
    },
    /** Also octets from 0x80 to 0x9f, which have a meaning of their own inside sendmail. */
    EIGHT_BIT {
      @Override
      Letter write(Letter letter) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("Grüße €\r\nWe meet at eleven \u0080\u0091\u009f.\r\n".getBytes(UTF_8));
        body.writeBytes(new byte[] {(byte) 0x80, (byte) 0x9f, (byte) 0xff, '\r', '\n'});
        return letter
            .field("Subject: Grüße \u0080\u0091\u009f € aus Köln")
            .field("Content-Type: text/plain; charset=utf-8")
            .field("Content-Transfer-Encoding: 8bit")
            .field("MIME-Version: 1.0")
            .with("BODY=8BITMIME")
            .body(body.toByteArray());
      }
    },
    FOLDED {
      @Override
      Letter write(Letter letter) {
        List<String> ids =
            IntStream.range(0, 60).mapToObj(i -> "<" + i + "." + i * 7919 + "@x>").toList();
        return letter
            .field("References: " + String.join("\r\n\t ", ids))
            .field("In-Reply-To:\r\n <59.467221@x>")
            .field(
                "Subject: a  long   subject\t \r\n   that is folded,\r\n\tthough it need not be  ")
            .field("Cc: \"Doe, Jane\" <jane@one.test>,\r\n\tBob (who is Bob) <bob@one.test>");
      }
    },
    WHITE_SPACE {
      @Override
      Letter write(Letter letter) {
        List<String> lines =
            List.of(
                "",
                " ",
                "",
                "  We\t\tmeet  at eleven \t ",
                ".",
                "..",
                ".x",
                "From here",
                ">From there",
                "-- ",
                "",
                "\t",
                "");
        return letter.body(ascii(String.join("\r\n", lines) + "\r\n"));
      }
    },
    MIME {
      @Override
      Letter write(Letter letter) {
        byte[] attached = new byte[20_000];
        new java.util.Random(4).nextBytes(attached);
        return letter
            .field("MIME-Version: 1.0")
            .field("Content-Type: multipart/mixed;\r\n boundary=\"=_b 1\"")
            .field("Content-Language: en")
            .body(
                ascii(
                    "preamble\r\n--=_b 1\r\nContent-Type: text/plain\r\n\r\nWe meet at eleven.\r\n"
                        + "--=_b 1\r\nContent-Type: application/octet-stream\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(attached)
                        + "\r\n--=_b 1--\r\n"));
      }
    },
    /** Fields that the MTA must add. */
    WITHOUT_DATE_AND_MESSAGE_ID {
      @Override
      Letter write(Letter letter) {
        return new Letter(
            letter.sender(),
            letter.parameters(),
            letter.recipients(),
            Optional.empty(),
            List.of("From: ada@home.test", "Subject: in haste"),
            letter.body());
      }
    },
    NO_BODY_BUT_A_LINE {
      @Override
      Letter write(Letter letter) {
        return letter.body(ascii("eleven"));
      }
    };

    private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

    abstract Letter write(Letter letter);

    static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  private Letter letter(Text text, String user) {
    return text.write(
        Letter.from("ada@home.test")
            .to(user + "@" + world().localDomain())
            .field("To: Games <" + user + "@" + world().localDomain() + ">, ok@one.test")
            .field("Date: Tue, 24 Nov 2026 10:00:00 +0100")
            .body(Text.ascii("We meet at eleven.\r\nBe there.\r\n")));
  }

  @ParameterizedTest
  @EnumSource
  default void theCopiesOfSenderAndRecipientVerifyAndAChangedWordDoesNot(
      Text text, @TempDir Path directory) throws IOException {
    world().require(Ability.LOCAL_MAILBOX);
    String user = "games";
    int before = world().mta().mailbox(user).size();
    Letter letter = letter(text, user);
    Sent sent = world().send(letter);
    Path bundle = evidence(World.queueId(sent), directory);
    byte[] delivered = delivered(user, before);

    List<byte[]> copies = new ArrayList<>(List.of(delivered));
    if (text != Text.WITHOUT_DATE_AND_MESSAGE_ID) {
      // Postfix adds these before the milter sees the message, and the sender has not got them.
      copies.add(sentCopy(letter));
    }
    for (byte[] copy : copies) {
      assertVerified(bundle, Files.write(directory.resolve("copy.eml"), copy));
      Path changed = Files.write(directory.resolve("changed.eml"), changed(copy));
      Answer answer = verify(bundle, changed);
      assertEquals(1, answer.code(), answer::out);
      assertTrue(answer.out().contains("body does not"), answer::out);
    }
  }

  @Test
  default void aCopyWithAnotherSubjectDoesNotVerify(@TempDir Path directory) throws IOException {
    Letter letter = Letter.from("ada@home.test").to("subject@one.test");
    Path bundle = evidence(World.queueId(world().send(letter)), directory);
    String text = new String(letter.octets(), StandardCharsets.ISO_8859_1);

    for (String forged :
        List.of(
            text.replace("Subject: a letter", "Subject: another letter"),
            "Subject: another letter\r\n" + text,
            text.replace("Subject: a letter\r\n", ""))) {
      Answer answer = verify(bundle, Files.writeString(directory.resolve("forged.eml"), forged));
      assertEquals(1, answer.code(), answer::out);
      assertTrue(answer.out().contains("the header fields do not"), answer::out);
    }
  }

  private Path evidence(String queueId, Path directory) {
    Path bundle = directory.resolve("evidence.eml");
    world().await(queueId, "known", entry -> true);
    Answer answer = world().journal().run("evidence", queueId, "-o", bundle.toString());
    assertEquals(0, answer.code(), answer::err);
    return bundle;
  }

  private Answer verify(Path bundle, Path copy) {
    return world()
        .journal()
        .run("evidence", "--verify", bundle.toString(), "--message", copy.toString());
  }

  private void assertVerified(Path bundle, Path copy) throws IOException {
    Answer answer = verify(bundle, copy);
    assertEquals(
        0, answer.code(), () -> answer.out() + answer.err() + "\n" + Bytes.text(read(copy)));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private byte[] delivered(String user, int before) {
    AtomicReference<List<byte[]>> mailbox = new AtomicReference<>();
    Awaitility.await("a message for " + user)
        .atMost(World.PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              mailbox.set(world().mta().mailbox(user));
              return mailbox.get().size() > before;
            });
    return mailbox.get().get(mailbox.get().size() - 1);
  }

  /** As a mail program keeps it: with Bcc, its own fields, LF line ends and no last one. */
  private static byte[] sentCopy(Letter letter) {
    String text = new String(letter.octets(), StandardCharsets.ISO_8859_1);
    String kept = "X-Status: sent\r\nBcc: secret@one.test\r\n" + text;
    return kept.replace("\r\n", "\n").stripTrailing().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] changed(byte[] copy) {
    String text = new String(copy, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(WORD), text);
    return text.replace(WORD, "twelve").getBytes(StandardCharsets.ISO_8859_1);
  }
}
