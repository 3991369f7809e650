package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Why the daemon does not look for messages that should be in Postfix's queue: it has to know whose
 * they are, for others may lie in the queue of another instance or another host.
 */
final class QueueAuditFinding {
  private static final String NOT_LOOKED_FOR =
      ", so messages that leave its queue without a word are not looked for";

  private QueueAuditFinding() {}

  /**
   * The finding.
   *
   * @param found the configuration directory that belongs to the queue, as the daemon finds it
   */
  static Optional<Finding> of(Path queue, Optional<Path> found, PostfixFinder finder) {
    if (found.isEmpty()) {
      return Optional.of(
          Finding.configuration(
              "postfix.queue-directory = "
                  + queue
                  + ": no Postfix was found whose queue_directory this is"
                  + NOT_LOOKED_FOR,
              "set it to what 'postconf -h queue_directory' prints, or name the directory of its"
                  + " main.cf in multi_instance_directories of /etc/postfix/main.cf;"
                  + " --postfix-config names it to this check alone"));
    }
    return finder
        .namesakeOf(found.get(), queue)
        .map(
            other ->
                Finding.warning(
                    "myhostname is the same in " + found.get() + " and " + other + NOT_LOOKED_FOR,
                    "give this instance a name of its own: postconf -c "
                        + found.get()
                        + " -e 'myhostname = …'"));
  }
}
