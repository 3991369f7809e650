package org.mailjournal.relaytest;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The part of the demo that the sender sees: the receipt in his mailbox, and who can check it. */
final class DemoReceipt {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PrintStream out;
  private final JournalCommand journal;
  private final Path file;

  DemoReceipt(PrintStream out, JournalCommand journal, Path directory) {
    this.out = out;
    this.journal = journal;
    this.file = directory.resolve("receipt.eml");
  }

  /** What the daemon must be told: every sender of the domain gets one, through this port. */
  static List<String> configuration(String domain, int port) {
    return List.of(
        "receipts.give = always",
        "receipts.domains = [ " + domain + " ]",
        "receipts.submit = \"127.0.0.1:" + port + "\"");
  }

  /**
   * Shows the receipt for a message.
   *
   * @return what was not as it should be
   */
  Optional<String> show(Mta mta, String user, String messageId) throws IOException {
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> find(mta, user, messageId).isPresent());
    } catch (ConditionTimeoutException late) {
      return Optional.of("no receipt for " + messageId + " after " + PATIENCE.toSeconds() + " s");
    }
    Files.write(file, find(mta, user, messageId).orElseThrow());
    out.println("\nThe sender asks nobody: a receipt is in his mailbox, under his own message.\n");
    text().lines().forEach(line -> out.println("  | " + line));
    return checks();
  }

  private static Optional<byte[]> find(Mta mta, String user, String messageId) {
    return mta.mailbox(user).stream()
        .filter(mail -> head(mail).contains("In-Reply-To: " + messageId))
        .findFirst();
  }

  private static String head(byte[] mail) {
    String all = new String(mail, StandardCharsets.ISO_8859_1);
    return all.split("\r?\n\r?\n", 2)[0];
  }

  private String text() throws IOException {
    try (var in = new ByteArrayInputStream(Files.readAllBytes(file))) {
      MimeMessage message = new MimeMessage(null, in);
      return "Subject: " + message.getSubject() + "\n\n" + plain(message).orElse("");
    } catch (MessagingException e) {
      throw new IOException("the receipt is no MIME message", e);
    }
  }

  private static Optional<String> plain(Part part) throws IOException, MessagingException {
    if (part.isMimeType("text/plain")) {
      return Optional.of((String) part.getContent());
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        Optional<String> found = plain(parts.getBodyPart(i));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> checks() {
    out.println("\nIt is signed, so anybody can check it, with our program or without:");
    out.println("\n$ openssl cms -verify -noverify -in receipt.eml -out /dev/null");
    Command.Result openssl =
        Command.run(
            "openssl", "cms", "-verify", "-noverify", "-in", file.toString(), "-out", "/dev/null");
    out.print(openssl.output());
    out.println("\n$ journal evidence --verify receipt.eml");
    JournalCommand.Answer ours = journal.run("evidence", "--verify", file.toString());
    out.print(ours.out());
    if (openssl.exitCode() != 0) {
      return Optional.of("openssl refuses the receipt");
    }
    return ours.code() == 0
        ? Optional.empty()
        : Optional.of("journal evidence refuses the receipt: " + ours.err());
  }
}
