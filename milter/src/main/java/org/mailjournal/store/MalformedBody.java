package org.mailjournal.store;

/** An event's stored body is not what this program wrote: the file is damaged. */
final class MalformedBody extends RuntimeException {
  MalformedBody(String message) {
    super(message);
  }

  MalformedBody(String message, Throwable cause) {
    super(message, cause);
  }
}
