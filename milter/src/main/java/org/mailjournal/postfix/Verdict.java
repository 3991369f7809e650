package org.mailjournal.postfix;

import java.io.Closeable;
import java.io.IOException;

/** What becomes of a request after everything it tells is committed. */
sealed interface Verdict {
  /** We answer it ourselves. */
  record Answer(int status) implements Verdict {}

  /** Postfix's own service answers it, if the condition still holds. */
  record PassOn(Condition condition, Epilogue epilogue) implements Verdict {
    static final PassOn UNCHANGED = new PassOn(() -> true, () -> {});
  }

  /** Whether what was recorded is all that the real service will find. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /** What is still to be done when the real service said that it did its part. */
  @FunctionalInterface
  interface Epilogue extends Closeable {
    void conclude();

    /** Whether it was done or not. */
    @Override
    default void close() throws IOException {}
  }

  /** qmgr keeps the message and asks again. */
  Answer AGAIN = new Answer(1);

  /** Done. */
  Answer DONE = new Answer(0);
}
