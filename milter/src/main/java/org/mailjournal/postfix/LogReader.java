package org.mailjournal.postfix;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.journal.Bytes;

/**
 * Reads a bounce, defer or trace file paragraph by paragraph, as bounce_log.c does. Paragraphs end
 * with an empty line; one that the end of the file cuts off was never acknowledged to the delivery
 * agent, and is no record.
 */
final class LogReader implements Closeable {
  static final int LONGEST_LINE = 64 * 1024;
  static final int LONGEST_RECORD = 256 * 1024;

  private final InputStream in;
  private long offset;

  LogReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** A paragraph: a record, or what kept it from being one, and its bytes. */
  record Paragraph(Optional<LogRecord> record, String problem, Bytes bytes) {}

  /** The next paragraph; empty at the end of the file. */
  Optional<Paragraph> next() throws IOException {
    Draft draft = new Draft();
    boolean ended = false;
    while (!ended) {
      int c = in.read();
      if (c < 0) {
        return draft.isEmpty() ? Optional.empty() : Optional.of(draft.torn());
      }
      offset++;
      ended = draft.feed(c, offset);
    }
    return Optional.of(draft.paragraph(offset));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** A paragraph in the making. */
  private static final class Draft {
    private final Map<String, String> values = new HashMap<>();
    private final ByteArrayOutputStream all = new ByteArrayOutputStream(512);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private long start = -1;
    private long skipped;
    private String problem = "";

    private boolean isEmpty() {
      return start < 0;
    }

    /** Whether the byte, the last one before this offset, ended the paragraph. */
    private boolean feed(int c, long offset) {
      if (isEmpty()) {
        if (c == '\n') {
          return false;
        }
        start = offset - 1;
      }
      if (all.size() < LONGEST_RECORD) {
        all.write(c);
      } else {
        skipped++;
      }
      if (c != '\n') {
        take(c);
        return false;
      }
      if (line.size() == 0) {
        return true;
      }
      readLine();
      line.reset();
      return false;
    }

    private void take(int c) {
      if (line.size() < LONGEST_LINE) {
        line.write(c);
      } else {
        problem = "expected lines of at most " + LONGEST_LINE + " bytes";
      }
    }

    private void readLine() {
      String text = Bytes.text(line.toByteArray());
      char first = text.charAt(0);
      int equals = text.indexOf('=');
      if (first == '<') {
        readOldStyle(text);
      } else if (Character.isLetterOrDigit(first) && equals > 0) {
        values.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
      }
      // Anything else bounce_log.c warns of and passes over, and so do we: the others count.
    }

    /** {@code <recipient>: text}, written before the attributes for programs of another age. */
    private void readOldStyle(String text) {
      int close = text.indexOf(">: ");
      if (close > 0) {
        values.putIfAbsent("recipient", text.substring(1, close));
        values.putIfAbsent("reason", text.substring(close + 3).strip());
      }
    }

    private Paragraph torn() {
      problem = "expected an empty line at the end of a record, got the end of the file";
      return odd();
    }

    private Paragraph paragraph(long end) {
      if (skipped > 0) {
        problem = "expected records of at most " + LONGEST_RECORD + " bytes";
      } else if (problem.isEmpty() && !values.containsKey("recipient")) {
        problem = "expected recipient=, got a record without one";
      }
      return problem.isEmpty()
          ? new Paragraph(
              Optional.of(new LogRecord(values, start, end)), "", Bytes.head(all.toByteArray(), 0))
          : odd();
    }

    private Paragraph odd() {
      return new Paragraph(
          Optional.empty(), problem, Bytes.head(all.toByteArray(), LONGEST_RECORD));
    }
  }
}
