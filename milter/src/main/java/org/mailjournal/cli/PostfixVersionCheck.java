package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pass tap speaks a protocol that Postfix does not document: known versions only. */
final class PostfixVersionCheck implements Check {
  private static final Pattern VERSION = Pattern.compile("3\\.([0-9]{1,4})\\b.*");
  private static final int FIRST = 4;
  private static final int LAST = 12;

  @Override
  public List<Finding> findings(Subject subject) {
    Optional<String> version = subject.postfix().map(p -> p.value("mail_version"));
    if (version.isEmpty() || isKnown(version.get())) {
      return List.of();
    }
    return List.of(
        Finding.warning(
            "mail_version = "
                + version.get()
                + ": the pass tap knows Postfix 3."
                + FIRST
                + " to 3."
                + LAST,
            "see with 'journal tail' whether outcomes arrive and no oddities; look for a newer"
                + " Mail Journal"));
  }

  private static boolean isKnown(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int minor = Integer.parseInt(matcher.group(1));
    return minor >= FIRST && minor <= LAST;
  }
}
