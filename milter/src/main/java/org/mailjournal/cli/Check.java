package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;

/** Looks at one matter, and says everything that is wrong with it. */
interface Check {
  List<Finding> findings(Subject subject);

  /**
   * What is looked at.
   *
   * @param postfix its settings, where a Postfix is to be watched and its settings can be read
   */
  record Subject(Config config, Optional<Postconf> postfix) {}
}
