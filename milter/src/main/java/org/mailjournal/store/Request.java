package org.mailjournal.store;

import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** Something that the writer is asked to do within a transaction, and who waits for it. */
final class Request<T> {
  private final Work<T> work;
  private final int weight;
  private final Pledge<T> pledge = new Pledge<>();
  private final long since = System.nanoTime();
  private T result;

  /** What is done within a transaction. */
  interface Work<T> {
    T in(Appender appender) throws SQLException;
  }

  /** Can be cancelled as long as it waits, and not any more when it is being written. */
  private static final class Pledge<T> extends CompletableFuture<T> {
    private boolean begun;

    private synchronized boolean begin() {
      begun = !isCancelled();
      return begun;
    }

    @Override
    public synchronized boolean cancel(boolean anyway) {
      return !begun && super.cancel(anyway);
    }
  }

  /** Of one event the weight is one. */
  Request(Work<T> work, int weight) {
    this.work = work;
    this.weight = weight;
  }

  static int weightOf(Collection<Request<?>> some) {
    return some.stream().mapToInt(Request::weight).sum();
  }

  int weight() {
    return weight;
  }

  /** Nanoseconds since it was made. */
  long age() {
    return System.nanoTime() - since;
  }

  CompletableFuture<T> future() {
    return pledge;
  }

  /** False if nobody wants it any more. */
  boolean begin() {
    return pledge.begin();
  }

  /** Once, or once more in a transaction of its own when the first was rolled back. */
  void run(Appender in) throws SQLException {
    result = work.in(in);
  }

  void complete() {
    pledge.complete(result);
  }

  void fail(Throwable cause) {
    pledge.completeExceptionally(cause);
  }
}
