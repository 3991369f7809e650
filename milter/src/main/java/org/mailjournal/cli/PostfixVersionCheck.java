package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pass tap speaks a protocol that Postfix does not document: known versions only. */
final class PostfixVersionCheck implements Check {
  private static final Pattern VERSION = Pattern.compile("3\\.([0-9]{1,4})\\b.*");
  private static final int FIRST = 4;

  /** Before, abounce.c connects by mail_connect_wait, which sleeps and at last ends the process. */
  private static final int FIRST_THAT_GOES_ON = 6;

  private static final int LAST = 12;

  @Override
  public List<Finding> findings(Subject subject) {
    Optional<String> version = subject.postfix().map(p -> p.value("mail_version"));
    if (version.isEmpty()) {
      return List.of();
    }
    int minor = minor(version.get());
    if (minor < FIRST || minor > LAST) {
      return List.of(unknown(version.get()));
    }
    return minor < FIRST_THAT_GOES_ON && subject.config().postfix().isPresent()
        ? List.of(standsStill(version.get()))
        : List.of();
  }

  private static Finding unknown(String version) {
    return Finding.warning(
        "mail_version = " + version + ": the pass tap knows Postfix 3." + FIRST + " to 3." + LAST,
        "see with 'journal tail' whether outcomes arrive and no oddities; look for a newer"
            + " Mail Journal");
  }

  private static Finding standsStill(String version) {
    return Finding.warning(
        "mail_version = "
            + version
            + ": before 3."
            + FIRST_THAT_GOES_ON
            + " the queue manager waits for the daemon, so while that is away nothing is"
            + " delivered",
        "upgrade Postfix to 3."
            + FIRST_THAT_GOES_ON
            + " or later, and restart the daemon then; until that see to it that the daemon"
            + " is always up");
  }

  /** The second number of the version, or -1 where the first is not 3. */
  private static int minor(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }
}
