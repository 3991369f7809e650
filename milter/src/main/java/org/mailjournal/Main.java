package org.mailjournal;

import java.io.PrintStream;

/** The program's way in, and the only place that wires the rooms. */
public final class Main {
  private Main() {}

  /** Runs one command and gives its exit code. */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return 2;
  }

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }
}
