package org.mailjournal.postfix;

import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Client;

/**
 * What a queue file says of how its message came in, beside what {@link QueueFile} has.
 *
 * @param notices NOTIFY of each of the file's recipients as dsn_mask.h has it, 0 for none
 * @param client as smtpd described it to milters, but for TLS; nothing of mail by sendmail(1)
 * @param login the SASL login name
 * @param size octets of the content, Postfix's own Received field among them, as its log has it
 * @param redirect where a REDIRECT action leads all of the message (qmgr_message_resolve)
 */
record QueueOrigin(
    QueueFile file,
    List<Integer> notices,
    Client client,
    Optional<String> login,
    long size,
    Optional<String> redirect,
    QueueHeader header) {
  QueueOrigin {
    notices = List.copyOf(notices);
  }
}
