package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the table that marks recipients is the one that came with this version. */
final class MarkTableCheck implements Check {
  static final String TABLE = "mailjournal_rcpt.regexp";

  private final Path shipped;

  /** Where this version's files for Postfix are. */
  MarkTableCheck(Path files) {
    this.shipped = files.resolve(TABLE);
  }

  @Override
  public List<Finding> findings(Subject subject) {
    return subject
        .postfix()
        .filter(this::isOutdated)
        .map(
            postfix ->
                List.of(
                    Finding.warning(
                        postfix.directory().resolve(TABLE) + " is not the one of this version",
                        "run "
                            + shipped.resolveSibling("enable")
                            + " -c "
                            + postfix.directory()
                            + " again")))
        .orElse(List.of());
  }

  private boolean isOutdated(Postconf postfix) {
    Path used = postfix.directory().resolve(TABLE);
    try {
      return postfix.value("smtpd_command_filter").equals("regexp:" + used)
          && Files.exists(shipped)
          && Files.mismatch(used, shipped) >= 0;
    } catch (IOException unreadable) {
      // What cannot be asked is another check's finding.
      return false;
    }
  }
}
