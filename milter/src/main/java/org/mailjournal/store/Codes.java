package org.mailjournal.store;

import org.mailjournal.journal.Asked;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** The numbers under which words are stored. They never change, whatever becomes of the words. */
final class Codes {
  static final int STATUSES = 8;
  static final int SOURCES = 8;

  private Codes() {}

  static int of(Status status) {
    return switch (status) {
      case REJECTED -> 0;
      case QUEUED -> 1;
      case DELAYED -> 2;
      case RELAYED -> 3;
      case DELIVERED -> 4;
      case EXPANDED -> 5;
      case FAILED -> 6;
      case UNREPORTED -> 7;
    };
  }

  static Status status(int code) {
    for (Status status : Status.values()) {
      if (of(status) == code) {
        return status;
      }
    }
    throw new MalformedBody("status " + code + " is not known");
  }

  static int of(Source source) {
    return switch (source) {
      case MILTER -> 0;
      case PASS -> 1;
      case EGRESS -> 2;
      case REPORT -> 3;
      case QUEUE -> 4;
      case ADMIN -> 5;
    };
  }

  static Source source(int code) {
    for (Source source : Source.values()) {
      if (of(source) == code) {
        return source;
      }
    }
    throw new MalformedBody("source " + code + " is not known");
  }

  /** One bit of a set. */
  static int of(Asked.Notice notice) {
    return switch (notice) {
      case SUCCESS -> 1;
      case FAILURE -> 2;
      case DELAY -> 4;
    };
  }

  static int of(ReceiptKind kind) {
    return switch (kind) {
      case INTERIM -> 0;
      case FINAL -> 1;
    };
  }

  static ReceiptKind receiptKind(int code) {
    for (ReceiptKind kind : ReceiptKind.values()) {
      if (of(kind) == code) {
        return kind;
      }
    }
    throw new MalformedBody("receipt " + code + " is not known");
  }
}
