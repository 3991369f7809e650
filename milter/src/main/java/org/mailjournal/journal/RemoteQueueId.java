package org.mailjournal.journal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the far side's own queue id in its final reply, as the common MTAs word it. */
final class RemoteQueueId {
  /**
   * Each with one group. The order counts: the first that is found is taken. The words are a
   * stranger's, and are looked at on the thread that all mail waits for: so none of these comes
   * back to where it has been.
   */
  private static final List<Pattern> FORMS =
      List.of(
          // Postfix: "250 2.0.0 Ok: queued as 51E02514002"; also Exchange Online's "Queued as".
          form("queued as:? <?([A-Za-z0-9][-A-Za-z0-9._]*)>?"),
          // Sendmail: "250 2.0.0 6AO7TXQK016468 Message accepted for delivery".
          form("(?<![A-Za-z0-9])([A-Za-z0-9]++) Message accepted for delivery"),
          // Exim: "250 OK id=1rABcd-0004Xy-2Z".
          form("\\bid=([-A-Za-z0-9]+)"),
          // Microsoft Exchange: "250 2.6.0 <id> [InternalId=123, Hostname=h] Queued mail …".
          form("\\[InternalId=([0-9]+)"),
          // Google: "250 2.0.0 OK  1700000000 a1-20020a05.123 - gsmtp".
          form("OK +[0-9]+ (\\S+) - gsmtp"),
          // qmail: "250 ok 1700000000 qp 12345".
          form("\\bqp ([0-9]+)"),
          // Dovecot LMTP: "250 2.0.0 <user> k4f9BxYz Saved".
          form("<[^<>]*+> ([A-Za-z0-9+/]++) Saved"),
          // OpenSMTPD: "250 2.0.0 1a2b3c4d Message accepted".
          form("([0-9a-f]{8}) Message accepted"));

  private static final int LONGEST_REPLY = 4096;

  private RemoteQueueId() {}

  private static Pattern form(String expression) {
    return Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
  }

  /** The id; empty when the reply has none of the known forms. */
  static Optional<String> of(String reply) {
    String text = reply.length() > LONGEST_REPLY ? reply.substring(0, LONGEST_REPLY) : reply;
    for (Pattern form : FORMS) {
      Matcher matcher = form.matcher(text);
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }
}
