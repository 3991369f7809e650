package org.mailjournal.receipt;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** Hands receipts to the submission server: SMTP, null reverse-path, a connection for each. */
final class Submission {
  private final Settings settings;

  /**
   * Where, as whom, and how long for one step.
   *
   * @param host a name or an address, IPv6 without brackets
   * @param greeting the name in EHLO
   */
  record Settings(String host, int port, String greeting, Duration patience) {}

  Submission(Settings settings) {
    this.settings = settings;
  }

  /** What became of an attempt. */
  sealed interface Result {
    /** The server has it; its words. */
    record Taken(String reply) implements Result {}

    /** The server refuses it for good; its words. */
    record Refused(String reply) implements Result {}

    /** It may go another time; whether the server has it may be uncertain. */
    record Failed(String problem) implements Result {}
  }

  Result send(org.mailjournal.journal.Address to, byte[] message) {
    if (to.text().chars().anyMatch(c -> c < ' ' || c == 0x7F || c == '<' || c == '>')) {
      return new Result.Refused("the address " + to + " cannot be written in a RCPT command");
    }
    Session session = Session.getInstance(properties(isInternational(to)));
    URLName place = new URLName("smtp", settings.host(), settings.port(), null, null, null);
    SMTPTransport transport = new SMTPTransport(session, place);
    try {
      transport.connect(settings.host(), settings.port(), null, null);
      // Parsed, but written as it came: a signature is over its bytes.
      MimeMessage copy = new MimeMessage(session, new ByteArrayInputStream(message));
      transport.sendMessage(copy, new Address[] {recipient(to)});
      return new Result.Taken(transport.getLastServerResponse().strip());
    } catch (MessagingException e) {
      return failure(e);
    } finally {
      close(transport);
    }
  }

  private static void close(SMTPTransport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // Its answer to the message was what counted.
    }
  }

  private static InternetAddress recipient(org.mailjournal.journal.Address to) {
    InternetAddress address = new InternetAddress();
    address.setAddress(to.text());
    return address;
  }

  private static boolean isInternational(org.mailjournal.journal.Address to) {
    return to.text().chars().anyMatch(c -> c > 0x7E);
  }

  private Properties properties(boolean international) {
    String patience = String.valueOf(settings.patience().toMillis());
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.from", "<>");
    properties.setProperty("mail.smtp.localhost", settings.greeting());
    properties.setProperty("mail.smtp.connectiontimeout", patience);
    properties.setProperty("mail.smtp.timeout", patience);
    properties.setProperty("mail.smtp.writetimeout", patience);
    // Waits for the answer to QUIT otherwise, which nobody needs.
    properties.setProperty("mail.smtp.quitwait", "false");
    // RFC 6531: SMTPUTF8 is asked for only where it is needed.
    properties.setProperty("mail.mime.allowutf8", String.valueOf(international));
    return properties;
  }

  /** RFC 5321 section 4.2.1: 5yz is for good. A refused greeting or connection is not. */
  private static Result failure(MessagingException cause) {
    for (Exception e = cause; e != null; e = next(e)) {
      int code = code(e);
      if (code >= 500 && code < 600) {
        return new Result.Refused(String.valueOf(e.getMessage()).strip());
      }
    }
    Exception last = cause;
    for (Exception e = next(cause); e != null; e = next(e)) {
      last = e;
    }
    String text = last.getMessage() == null ? last.toString() : last.getMessage().strip();
    return new Result.Failed(text);
  }

  private static int code(Exception e) {
    if (e instanceof SMTPAddressFailedException refused) {
      return refused.getReturnCode();
    }
    return e instanceof SMTPSendFailedException refused ? refused.getReturnCode() : -1;
  }

  private static Exception next(Exception e) {
    return e instanceof MessagingException m ? m.getNextException() : null;
  }
}
