package org.mailjournal.relaytest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * What Postfix would have written to its log of the messages in a journal, as one file and the same
 * compressed.
 */
record MailLog(Path plain, Path compressed) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  static MailLog write(Path directory, int messages) throws IOException {
    MailLog log = new MailLog(directory.resolve("mail.log"), directory.resolve("mail.log.1.gz"));
    try (OutputStream plain = new BufferedOutputStream(Files.newOutputStream(log.plain()));
        OutputStream zip =
            new BufferedOutputStream(
                new GZIPOutputStream(Files.newOutputStream(log.compressed()), 1 << 16))) {
      for (int number = 0; number < messages; number++) {
        byte[] lines = lines(new SampleMail(number)).getBytes(StandardCharsets.US_ASCII);
        plain.write(lines);
        zip.write(lines);
      }
    }
    return log;
  }

  /** The five lines of a message that came by SMTP and was relayed at the first attempt. */
  static String lines(SampleMail mail) {
    String head = STAMP.format(mail.at()) + " mail postfix/";
    String id = "[1234]: " + mail.queueId() + ": ";
    String domain = mail.recipient().substring(mail.recipient().indexOf('@') + 1);
    return String.join(
        "\n",
        head + "smtpd" + id + "client=client.example.net[198.51.100.7]",
        head + "cleanup" + id + "message-id=" + mail.messageId(),
        head + "qmgr" + id + "from=<" + mail.sender() + ">, size=4711, nrcpt=1 (queue active)",
        head
            + "smtp"
            + id
            + "to=<%s>, relay=mx.%s[192.0.2.14]:25, delay=0.5, delays=0.1/0.01/0.2/0.19, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %s)"
                .formatted(mail.recipient(), domain, mail.remoteQueueId()),
        head + "qmgr" + id + "removed",
        "");
  }
}
