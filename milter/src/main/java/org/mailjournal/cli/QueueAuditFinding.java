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
   * @param found the configuration directory that belongs to the queue
   * @param isNamed whether somebody told this check where Postfix's settings are
   */
  static Optional<Finding> of(
      Path queue, Optional<Path> found, boolean isNamed, PostfixFinder finder) {
    if (found.isEmpty()) {
      String problem =
          "postfix.queue-directory = "
              + queue
              + ": no Postfix was found whose queue_directory this is"
              + NOT_LOOKED_FOR;
      String cure =
          "set it to what 'postconf -h queue_directory' prints, or name the directory of its main.cf"
              + " in multi_instance_directories of the first instance's main.cf; --postfix-config"
              + " names it to this check alone";
      return Optional.of(
          isNamed ? Finding.warning(problem, cure) : Finding.configuration(problem, cure));
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
