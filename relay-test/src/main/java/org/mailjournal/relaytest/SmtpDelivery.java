package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.journal.EnhancedStatus;

/**
 * One SMTP transaction with a next hop, for one message and some of its recipients; it ends with a
 * fate for each, worded as Postfix's smtp(8) words it. DSN parameters are never passed on: with
 * them a next hop that offers DSN would take over telling of success.
 */
final class SmtpDelivery {
  private final InetSocketAddress address;
  private final String host;
  private final String relay;
  private final String helo;
  private final MtaMessage message;
  private final Map<MtaRecipient, Fate> fates = new LinkedHashMap<>();
  private String doing = "receiving the initial server greeting";

  SmtpDelivery(InetSocketAddress address, String helo, MtaMessage message) {
    this.address = address;
    this.helo = helo;
    this.message = message;
    host = address.getAddress().getHostAddress();
    relay = "%s[%s]:%d".formatted(host, host, address.getPort());
  }

  Map<MtaRecipient, Fate> deliver(List<MtaRecipient> recipients) {
    try (NextHop hop = new NextHop(address)) {
      Optional<NextHop.Answer> ehlo = greeted(hop, recipients);
      if (ehlo.isPresent() && mail(hop, ehlo.get(), recipients)) {
        List<MtaRecipient> taken = rcpt(hop, recipients);
        doing = "sending DATA command";
        if (!taken.isEmpty()) {
          content(hop, taken);
        }
        hop.command("QUIT");
      }
    } catch (IOException failed) {
      all(recipients, broken(failed, doing));
    }
    return fates;
  }

  /** The answer to EHLO; empty when the next hop does not want to talk. */
  private Optional<NextHop.Answer> greeted(NextHop hop, List<MtaRecipient> recipients)
      throws IOException {
    NextHop.Answer answer = hop.answer();
    if (answer.positive()) {
      doing = "performing the EHLO handshake";
      answer = hop.command("EHLO " + helo);
    }
    if (!answer.positive()) {
      all(recipients, refusedToTalk(answer));
      return Optional.empty();
    }
    return Optional.of(answer);
  }

  private boolean mail(NextHop hop, NextHop.Answer ehlo, List<MtaRecipient> recipients)
      throws IOException {
    if (message.envelope().utf8() && !offers(ehlo, "SMTPUTF8")) {
      all(recipients, noUtf8());
      return false;
    }
    doing = "sending MAIL FROM";
    NextHop.Answer mail = hop.command(mailLine(ehlo));
    if (!mail.positive()) {
      all(recipients, said(mail, "MAIL FROM command"));
    }
    return mail.positive();
  }

  private List<MtaRecipient> rcpt(NextHop hop, List<MtaRecipient> recipients) throws IOException {
    doing = "sending RCPT TO";
    List<MtaRecipient> taken = new ArrayList<>();
    for (MtaRecipient recipient : recipients) {
      NextHop.Answer rcpt = hop.command("RCPT TO:<" + recipient.address() + ">");
      if (rcpt.positive()) {
        taken.add(recipient);
      } else {
        fates.put(recipient, said(rcpt, "RCPT TO command"));
      }
    }
    return taken;
  }

  private void content(NextHop hop, List<MtaRecipient> taken) throws IOException {
    NextHop.Answer data = hop.command("DATA");
    if (data.code() != 354) {
      all(taken, said(data, "DATA command"));
      return;
    }
    try {
      NextHop.Answer end = hop.content(message.content());
      all(taken, end.positive() ? sent(end) : said(end, "end of DATA command"));
    } catch (IOException failed) {
      all(taken, broken(failed, "sending end of data -- message may be sent more than once"));
    }
  }

  private String mailLine(NextHop.Answer ehlo) {
    StringBuilder line = new StringBuilder("MAIL FROM:<" + message.envelope().sender() + ">");
    if (offers(ehlo, "SIZE")) {
      line.append(" SIZE=").append(message.content().length);
    }
    if (message.envelope().eightBit() && offers(ehlo, "8BITMIME")) {
      line.append(" BODY=8BITMIME");
    }
    if (message.envelope().utf8()) {
      line.append(" SMTPUTF8");
    }
    return line.toString();
  }

  private static boolean offers(NextHop.Answer ehlo, String keyword) {
    return ehlo.lines().stream()
        .skip(1)
        .anyMatch(line -> line.toUpperCase(Locale.ROOT).split(" ", -1)[0].equals(keyword));
  }

  private void all(List<MtaRecipient> recipients, Fate fate) {
    recipients.forEach(recipient -> fates.putIfAbsent(recipient, fate));
  }

  private Fate sent(NextHop.Answer end) {
    String reason = "delivery via " + relay + ": " + end.text();
    return new Fate(Fate.Kind.SENT, relay, status(end, "2.0.0"), end.text(), host, reason);
  }

  private Fate said(NextHop.Answer answer, String inReplyTo) {
    Fate.Kind kind = answer.temporary() ? Fate.Kind.DEFERRED : Fate.Kind.BOUNCED;
    String reason =
        "host %s[%s] said: %s (in reply to %s)".formatted(host, host, answer.text(), inReplyTo);
    String dsn = status(answer, answer.temporary() ? "4.0.0" : "5.0.0");
    return new Fate(kind, relay, dsn, answer.text(), host, reason);
  }

  /** Postfix tries again later whatever the code, for another host may be kinder. */
  private Fate refusedToTalk(NextHop.Answer answer) {
    String reason = "host %s[%s] refused to talk to me: %s".formatted(host, host, answer.text());
    String dsn = "4" + status(answer, "4.0.0").substring(1);
    return new Fate(Fate.Kind.DEFERRED, relay, dsn, answer.text(), host, reason);
  }

  private Fate noUtf8() {
    String reason =
        "SMTPUTF8 is required, but was not offered by host %s[%s]".formatted(host, host);
    return Fate.own(Fate.Kind.BOUNCED, relay, "5.6.7", reason);
  }

  private Fate broken(IOException failed, String doing) {
    if (failed instanceof ConnectException) {
      String reason =
          "connect to %s[%s]:%d: Connection refused".formatted(host, host, address.getPort());
      return Fate.own(Fate.Kind.DEFERRED, "none", "4.4.1", reason);
    }
    String what =
        failed instanceof SocketTimeoutException
            ? "conversation with %s[%s] timed out while %s"
            : "lost connection with %s[%s] while %s";
    return Fate.own(Fate.Kind.DEFERRED, relay, "4.4.2", what.formatted(host, host, doing));
  }

  private static String status(NextHop.Answer answer, String otherwise) {
    return EnhancedStatus.ofReply(answer.text()).map(EnhancedStatus::toString).orElse(otherwise);
  }
}
