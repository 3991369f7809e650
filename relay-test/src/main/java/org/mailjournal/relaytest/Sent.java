package org.mailjournal.relaytest;

import java.util.List;
import java.util.Optional;

/**
 * How a letter was handed in.
 *
 * @param recipients the reply to each RCPT, in the letter's order
 * @param end the reply to the end of the message, or to the command that stopped it
 */
public record Sent(Letter letter, List<SmtpReply> recipients, SmtpReply end) {
  public Sent {
    recipients = List.copyOf(recipients);
  }

  /** The queue id that the MTA gave it; empty when it did not take it. */
  public Optional<String> queueId() {
    return end.queueId();
  }

  /** Whether the MTA took responsibility. */
  public boolean isAccepted() {
    return end.isPositive();
  }

  /**
   * Hands a letter in over an open connection after its EHLO.
   *
   * @return the replies as far as the dialogue went
   */
  public static Sent over(SmtpClient client, Letter letter) {
    SmtpReply mail = client.mail(letter.sender(), letter.parameters().toArray(String[]::new));
    if (!mail.isPositive()) {
      return new Sent(letter, List.of(), mail);
    }
    List<SmtpReply> replies =
        client.pipeline(
            letter.recipients().stream()
                .map(
                    to ->
                        SmtpClient.path(
                            "RCPT TO:", to.address(), to.parameters().toArray(String[]::new)))
                .toList());
    if (replies.stream().noneMatch(SmtpReply::isPositive)) {
      client.rset();
      return new Sent(letter, replies, replies.get(replies.size() - 1));
    }
    return new Sent(letter, replies, client.data(letter.octets()));
  }
}
