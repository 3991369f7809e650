package org.mailjournal.receipt;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** Hands receipts to the submission server: SMTP, null reverse-path, a connection for each. */
final class Submission {
  /** RFC 4954 section 6 and RFC 3463 section 3.8: a login is wanted, or a policy forbids. */
  private static final Pattern POLICY = Pattern.compile("53[0-9]|5[0-9]{2}[ -]5\\.7\\.");

  private static final Pattern ENVELOPE = Pattern.compile("(?i)MAIL|RCPT");

  /**
   * RFC 5321 section 4.5.3.2.6: whoever asks earlier whether the content was taken makes it come
   * twice, for the server queues what nobody waits for any more.
   */
  private static final Duration END_OF_DATA = Duration.ofMinutes(10);

  private final SubmissionSettings server;
  private final String greeting;
  private final Duration patience;

  /**
   * At one server.
   *
   * @param greeting the name in EHLO
   * @param patience for one step, up to the end of the content
   */
  Submission(SubmissionSettings server, String greeting, Duration patience) {
    this.server = server;
    this.greeting = greeting;
    this.patience = patience;
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
    try {
      PromptSockets sockets = new PromptSockets();
      Session session = Session.getInstance(properties(isInternational(to, message), sockets));
      return send(session, sockets, to, message);
    } catch (IOException e) {
      return new Result.Failed(String.valueOf(e.getMessage()));
    }
  }

  private Result send(
      Session session, PromptSockets sockets, org.mailjournal.journal.Address to, byte[] message)
      throws IOException {
    SMTPTransport transport = transport(session, sockets);
    try {
      connect(transport);
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

  /** Why nothing can be handed in, as far as the login; empty when something can. */
  Optional<String> problem() {
    try {
      PromptSockets sockets = new PromptSockets();
      SMTPTransport transport = transport(Session.getInstance(properties(false, sockets)), sockets);
      try {
        connect(transport);
        return Optional.empty();
      } finally {
        close(transport);
      }
    } catch (MessagingException e) {
      return Optional.of(text(e));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private SMTPTransport transport(Session session, PromptSockets sockets) {
    boolean implicit = server.tls() == SubmissionSettings.Tls.IMPLICIT;
    URLName place = new URLName("smtp", server.host(), server.port(), null, null, null);
    return new Patient(session, place, implicit, sockets);
  }

  /** The constructor that says whether TLS is implicit is for subclasses. */
  private static final class Patient extends SMTPTransport {
    private final PromptSockets sockets;

    Patient(Session session, URLName place, boolean implicit, PromptSockets sockets) {
      super(session, place, "smtp", implicit);
      this.sockets = sockets;
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
      sockets.waitFor(END_OF_DATA);
      super.finishData();
    }
  }

  private void connect(SMTPTransport transport) throws IOException, MessagingException {
    if (server.credentials().isEmpty()) {
      transport.connect(server.host(), server.port(), null, null);
      return;
    }
    Login login = Login.read(server.credentials().get());
    transport.connect(server.host(), server.port(), login.name(), login.password());
    if (!transport.supportsExtension("AUTH")) {
      throw new MessagingException("a login is configured, and the server offers none");
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

  /** RFC 6531 section 3.2: for an address that is not ASCII, and for header fields that are not. */
  private static boolean isInternational(org.mailjournal.journal.Address to, byte[] message) {
    if (to.text().chars().anyMatch(c -> c > 0x7E)) {
      return true;
    }
    for (int i = 0; i < message.length && !isEmptyLine(message, i); i++) {
      if (message[i] < 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEmptyLine(byte[] message, int at) {
    return message[at] == '\r'
        && at > 0
        && message[at - 1] == '\n'
        && at + 1 < message.length
        && message[at + 1] == '\n';
  }

  private Properties properties(boolean international, PromptSockets sockets) throws IOException {
    String millis = String.valueOf(patience.toMillis());
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.from", "<>");
    properties.setProperty("mail.smtp.localhost", greeting);
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.writetimeout", millis);
    // Waits for the answer to QUIT otherwise, which nobody needs.
    properties.setProperty("mail.smtp.quitwait", "false");
    properties.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    // RFC 6531: SMTPUTF8 is asked for only where it is needed.
    properties.setProperty("mail.mime.allowutf8", String.valueOf(international));
    properties.put("mail.smtp.socketFactory", sockets.plain());
    // Else what fails is tried once more with Java's own sockets, and its own list of authorities.
    properties.setProperty("mail.smtp.socketFactory.fallback", "false");
    if (server.tls() != SubmissionSettings.Tls.OFF) {
      properties.put(
          "mail.smtp.ssl.socketFactory", sockets.of(Authorities.sockets(server.trust())));
      // RFC 8314 section 5: the certificate must be for the name that the administrator gave.
      properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
      boolean upgrade = server.tls() == SubmissionSettings.Tls.STARTTLS;
      properties.setProperty("mail.smtp.starttls.enable", String.valueOf(upgrade));
      properties.setProperty("mail.smtp.starttls.required", String.valueOf(upgrade));
    }
    return properties;
  }

  /** RFC 5321 section 4.2.1: 5yz is for good. A refused greeting or connection is not. */
  private static Result failure(MessagingException cause) {
    for (Exception e = cause; e != null; e = next(e)) {
      if (isForGood(e)) {
        return new Result.Refused(String.valueOf(e.getMessage()).strip());
      }
    }
    return new Result.Failed(text(cause));
  }

  /**
   * Whether it is about this recipient or this content. What a server has against its client, such
   * as a missing login, the null sender or a policy, an administrator cures, and then it can go.
   */
  private static boolean isForGood(Exception e) {
    if (e instanceof SMTPAddressFailedException refused) {
      return isPermanent(refused.getReturnCode())
          && !POLICY.matcher(String.valueOf(refused.getMessage())).lookingAt();
    }
    return e instanceof SMTPSendFailedException refused
        && isPermanent(refused.getReturnCode())
        && !ENVELOPE.matcher(String.valueOf(refused.getCommand())).lookingAt();
  }

  private static boolean isPermanent(int code) {
    return code >= 500 && code < 600;
  }

  /** The innermost words say most. */
  private static String text(MessagingException cause) {
    Exception last = cause;
    for (Exception e = next(cause); e != null; e = next(e)) {
      last = e;
    }
    return last.getMessage() == null ? last.toString() : last.getMessage().strip();
  }

  private static Exception next(Exception e) {
    return e instanceof MessagingException m ? m.getNextException() : null;
  }
}
