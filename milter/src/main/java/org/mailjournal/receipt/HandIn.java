package org.mailjournal.receipt;

import java.util.concurrent.atomic.AtomicReference;

/** How it goes at the submission server. Safe for use by many threads. */
final class HandIn {
  private final AtomicReference<String> problem = new AtomicReference<>("");

  /** The last receipt was taken, or none has been tried. */
  boolean works() {
    return problem.get().isEmpty();
  }

  void worked() {
    problem.set("");
  }

  /** True when that is news: the same trouble meets many receipts. */
  boolean failed(String why) {
    return !why.equals(problem.getAndSet(why));
  }
}
