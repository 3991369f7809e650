package org.mailjournal.receipt;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.ContentDigest;
import org.mailjournal.journal.ContentHasher;

/**
 * A copy of a message as somebody kept it: from a Sent folder, a mailbox, an mbox. The body is not
 * held, only hashed.
 */
final class MessageCopy {
  /** Of a header section; what is longer is no message. */
  private static final int LARGEST_HEADER = 4 * 1024 * 1024;

  private static final String CURE = "give one message as it was saved, with its whole header";

  /**
   * What an MTA adds when the sender left it out (RFC 6409 section 8), perhaps after the milter saw
   * the message.
   */
  private static final List<String> ADDED = List.of("date", "message-id", "sender", "from", "to");

  private static final class Field {
    private final String name;
    private final byte[] value;

    private Field(String name, byte[] value) {
      this.name = name;
      this.value = value;
    }
  }

  private final List<Field> fields = new ArrayList<>();
  private final ContentHasher plain = new ContentHasher();
  private final ContentHasher unquoted = new ContentHasher();
  private Bytes body;
  private Bytes bodyOfMbox;

  private MessageCopy() {}

  /**
   * Reads a copy.
   *
   * @throws EvidenceException when it cannot be read or is no message
   */
  static MessageCopy read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 * 1024)) {
      MessageCopy copy = new MessageCopy();
      copy.read(in);
      if (copy.fields.isEmpty()) {
        throw EvidenceException.unreadable(file + " begins with no header field", CURE);
      }
      return copy;
    } catch (IOException e) {
      throw EvidenceException.unreadable(file + " cannot be read: " + FileWords.of(e), CURE, e);
    }
  }

  private void read(InputStream in) throws IOException {
    int left = LARGEST_HEADER;
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    boolean first = true;
    byte[] line;
    while (true) {
      line = line(in, left);
      left -= line.length;
      if (first && startsWith(line, "From ")) {
        line = line(in, left);
      }
      first = false;
      if (field.size() > 0 && line.length > 0 && (line[0] == ' ' || line[0] == '\t')) {
        field.writeBytes(line);
      } else if (isField(line)) {
        end(field);
        field.writeBytes(line);
      } else {
        break;
      }
    }
    end(field);
    Unquoting quoted = new Unquoting();
    if (!isBlank(line)) {
      // Not a field and not the empty line: MTAs take it for the first line of the body.
      plain.body(line, 0, line.length);
      quoted.take(line, line.length);
    }
    byte[] piece = new byte[64 * 1024];
    for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
      plain.body(piece, 0, read);
      quoted.take(piece, read);
    }
    quoted.end();
    body = plain.digest().orElseThrow().body();
    bodyOfMbox = unquoted.digest().orElseThrow().body();
  }

  private void end(ByteArrayOutputStream field) {
    if (field.size() > 0) {
      byte[] all = field.toByteArray();
      int colon = colon(all);
      String name = new String(all, 0, colon, StandardCharsets.ISO_8859_1);
      if (ContentHasher.covers(name)) {
        fields.add(new Field(name, Arrays.copyOfRange(all, colon + 1, all.length)));
      } else if (fields.isEmpty()) {
        // So that a copy whose first fields are none of ours is a message all the same.
        fields.add(new Field("", new byte[0]));
      }
      field.reset();
    }
  }

  /** A line with its end; empty at the end of the file. */
  private static byte[] line(InputStream in, int most) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      line.write(octet);
      if (octet == '\n') {
        break;
      }
      if (line.size() > most) {
        throw new IOException("its header has more than " + LARGEST_HEADER + " bytes");
      }
    }
    return line.toByteArray();
  }

  /** With all CRs in front of its LF a line end; mail programs have been seen to write two. */
  private static boolean isBlank(byte[] line) {
    int end = line.length;
    if (end > 0 && line[end - 1] == '\n') {
      end--;
    }
    while (end > 0 && line[end - 1] == '\r') {
      end--;
    }
    return end == 0;
  }

  private static boolean isField(byte[] line) {
    return colon(line) > 0;
  }

  /** RFC 5322 section 2.2, with the space in front of the colon of section 4.5.8. */
  private static int colon(byte[] line) {
    int end = 0;
    while (end < line.length && line[end] > ' ' && line[end] < 127 && line[end] != ':') {
      end++;
    }
    int colon = end;
    while (colon < line.length && (line[colon] == ' ' || line[colon] == '\t')) {
      colon++;
    }
    return end > 0 && colon < line.length && line[colon] == ':' ? colon : -1;
  }

  private static boolean startsWith(byte[] line, String text) {
    byte[] start = text.getBytes(StandardCharsets.US_ASCII);
    return line.length >= start.length
        && Arrays.equals(line, 0, start.length, start, 0, start.length);
  }

  /** Whether the body has this hash, as it is. */
  boolean hasBody(Bytes hash) {
    return hash.equals(body);
  }

  /** The same with an mbox's {@code >From } undone. */
  boolean hasBodyAsFromMbox(Bytes hash) {
    return hash.equals(bodyOfMbox);
  }

  /**
   * Which fields must be left aside so that the others have this hash: none, or some of those that
   * MTAs add; empty when nothing helps.
   */
  Optional<Set<String>> withHeader(Bytes hash) {
    List<String> present =
        ADDED.stream().filter(name -> fields.stream().anyMatch(f -> isNamed(f, name))).toList();
    for (int choice = 0; choice < 1 << present.size(); choice++) {
      Set<String> aside = new TreeSet<>();
      for (int i = 0; i < present.size(); i++) {
        if ((choice >> i & 1) == 1) {
          aside.add(present.get(i));
        }
      }
      if (hash.equals(header(f -> aside.stream().noneMatch(name -> isNamed(f, name))))) {
        return Optional.of(aside);
      }
    }
    return Optional.empty();
  }

  /** Null for more than is ever hashed. */
  private Bytes header(Predicate<Field> counts) {
    ContentHasher hasher = new ContentHasher();
    fields.stream().filter(counts).forEach(f -> hasher.field(f.name, () -> f.value));
    return hasher.digest().map(ContentDigest::header).orElse(null);
  }

  private static boolean isNamed(Field field, String name) {
    return field.name.strip().equalsIgnoreCase(name);
  }

  /** Takes away the sign that an mbox puts in front of {@code From } at the start of a line. */
  private final class Unquoting {
    private static final String SIGN = ">From ";
    private final byte[] sign = SIGN.getBytes(StandardCharsets.US_ASCII);
    private int matched;
    private boolean atStart = true;

    void take(byte[] octets, int length) {
      for (int i = 0; i < length; i++) {
        take(octets[i]);
      }
    }

    void end() {
      unquoted.body(sign, 0, matched);
      matched = 0;
    }

    private void take(byte octet) {
      if (atStart && octet == sign[matched]) {
        matched++;
        if (matched == sign.length) {
          unquoted.body(sign, 1, sign.length - 1);
          matched = 0;
          atStart = false;
        }
        return;
      }
      unquoted.body(sign, 0, matched);
      matched = 0;
      unquoted.body(new byte[] {octet}, 0, 1);
      atStart = octet == '\n';
    }
  }
}
