package org.mailjournal.postfix;

/** What becomes of a request after everything it tells is committed. */
sealed interface Verdict {
  /** We answer it ourselves. */
  record Answer(int status) implements Verdict {}

  /** Postfix's own service answers it. */
  record PassOn(Epilogue epilogue) implements Verdict {
    static final PassOn UNCHANGED = new PassOn(() -> {});
  }

  /** What is still to be done when the real service said that it did its part. */
  @FunctionalInterface
  interface Epilogue {
    void conclude();
  }

  /** qmgr keeps the message and asks again. */
  Answer AGAIN = new Answer(1);

  /** Done. */
  Answer DONE = new Answer(0);
}
