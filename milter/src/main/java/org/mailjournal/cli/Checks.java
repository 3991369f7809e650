package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which an administrator would mend things. */
final class Checks {
  private Checks() {}

  /** A new matter to check is one more line here. */
  static List<Check> all(Services services, TableReader tables, Path postfixFiles) {
    return List.of(
        new ListenCheck(services),
        new StoreCheck(services),
        new ReceiptsCheck(services),
        new RelayFilesCheck(services),
        new QueueDirectoryCheck(),
        new TapSocketCheck(),
        new PostfixVersionCheck(),
        new PostfixMilterCheck(),
        new PostfixMacroCheck(),
        new PostfixMarkCheck(tables),
        new MarkTableCheck(postfixFiles),
        new PostfixDsnCheck(),
        new PostfixActionCheck(),
        new PostfixServiceCheck());
  }

  static List<Finding> findings(List<Check> checks, Check.Subject subject) {
    List<Finding> findings = new ArrayList<>();
    for (Check check : checks) {
      findings.addAll(check.findings(subject));
    }
    return findings;
  }
}
