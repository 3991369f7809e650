package org.mailjournal.cli;

import java.io.PrintStream;
import java.util.function.Consumer;

/** What a question met that is damaged in the journal's file: the answer goes on without it. */
final class Damage implements Consumer<String> {
  /** More would hide the answer; 'journal verify' names all. */
  private static final int MOST = 5;

  private final PrintStream err;
  private long count;

  Damage(PrintStream err) {
    this.err = err;
  }

  @Override
  public void accept(String words) {
    count++;
    if (count <= MOST) {
      tell(err, words);
    }
  }

  static void tell(PrintStream err, String words) {
    Failures.say(err, "damaged, and left out: " + Plain.text(words));
  }

  boolean isMet() {
    return count > 0;
  }

  /** The exit code, for what is left out may have been asked for. */
  int code(int otherwise) {
    if (count == 0) {
      return otherwise;
    }
    Failures.say(
        err,
        "left out of this answer: "
            + count
            + "; 'journal verify' names all that is damaged, and a backup may have it whole");
    return CommandLineProgram.JOURNAL;
  }
}
