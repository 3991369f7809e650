package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A queue directory as Postfix lays it out: message files of typed records (rec_type.h), and logs
 * of recipients in {@code bounce}, {@code trace} and {@code defer}. {@code deferred} and {@code
 * defer} are hashed one level deep, Postfix's default.
 */
final class QueueFiles {
  private static final String SIZE_FORMAT = "%15d %15d %15d %15d %15d %15d";

  /** The first record's length: type, length, six numbers of 15 digits. */
  private static final int SIZE_RECORD = 2 + 6 * 15 + 5;

  private final Path directory;

  QueueFiles(Path directory) throws IOException {
    this.directory = directory;
    for (String name : List.of("active", "deferred", "bounce", "defer", "trace", "private")) {
      Files.createDirectories(directory.resolve(name));
    }
  }

  Path socket(String service) {
    return directory.resolve("private").resolve(service);
  }

  Path path(String queue, String queueId) {
    boolean hashed = queue.equals("defer") || queue.equals("deferred");
    Path base = directory.resolve(queue);
    return (hashed ? base.resolve(queueId.substring(0, 1)) : base).resolve(queueId);
  }

  boolean isThere(String queue, String queueId) {
    return Files.exists(path(queue, queueId));
  }

  void remove(String queue, String queueId) throws IOException {
    Files.deleteIfExists(path(queue, queueId));
  }

  void move(String from, String to, String queueId) throws IOException {
    Path target = path(to, queueId);
    Files.createDirectories(target.getParent());
    if (isThere(from, queueId)) {
      Files.move(path(from, queueId), target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Writes the message's file into {@code active}, and tells recipients where they stand in it. */
  void write(MtaMessage message) throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    envelopeRecords(records, message.envelope());
    for (MtaRecipient recipient : message.recipients()) {
      recipientRecords(records, recipient);
    }
    record(records, 'M', "");
    int data = SIZE_RECORD + records.size();
    contentRecords(records, message.content());
    int length = SIZE_RECORD + records.size() - data;
    record(records, 'X', "");
    record(records, 'E', "");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    int recipients = message.recipients().size();
    int utf8 = message.envelope().utf8() ? 1 : 0;
    record(file, 'C', SIZE_FORMAT.formatted(length, data, recipients, 0, length, utf8));
    records.writeTo(file);
    Path target = path("active", message.queueId());
    Files.write(target, file.toByteArray(), StandardOpenOption.CREATE_NEW);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
  }

  private static void envelopeRecords(ByteArrayOutputStream records, MtaMessage.Envelope envelope) {
    long seconds = envelope.arrival().getEpochSecond();
    record(records, 'T', seconds + " " + envelope.arrival().get(ChronoField.MICRO_OF_SECOND));
    record(records, 'A', "create_time=" + seconds);
    record(records, 'A', "rewrite_context=local");
    if (!envelope.envid().isEmpty()) {
      record(records, 'A', "envelope_id=" + envelope.envid());
    }
    record(records, 'S', envelope.sender());
    envelope.attributes().forEach((name, value) -> record(records, 'A', name + "=" + value));
  }

  private static void recipientRecords(ByteArrayOutputStream records, MtaRecipient recipient) {
    record(records, 'A', "dsn_orig_rcpt=" + recipient.orcpt());
    if (recipient.notifyFlags() != 0) {
      record(records, 'A', "notify_flags=" + recipient.notifyFlags());
    }
    record(records, 'O', recipient.address());
    recipient.setOffset(SIZE_RECORD + records.size());
    record(records, 'R', recipient.address());
  }

  private static void contentRecords(ByteArrayOutputStream records, byte[] content) {
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        int end = i > start && content[i - 1] == '\r' ? i - 1 : i;
        record(records, 'N', Arrays.copyOfRange(content, start, end));
        start = i + 1;
      }
    }
    if (start < content.length) {
      record(records, 'N', Arrays.copyOfRange(content, start, content.length));
    }
  }

  /** Turns the recipient's record from "to do" into "done", in place, as delivery agents do. */
  void markDone(MtaMessage message, MtaRecipient recipient) throws IOException {
    Path file = path("active", message.queueId());
    try (RandomAccessFile queueFile = new RandomAccessFile(file.toFile(), "rw")) {
      queueFile.seek(recipient.offset());
      queueFile.write('D');
    }
    recipient.setDone();
  }

  /** Appends one recipient's record to a log, as bounce_append_service.c does. */
  void append(String log, String queueId, Map<String, String> attributes) throws IOException {
    StringBuilder text = new StringBuilder("\n");
    attributes.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    text.append('\n');
    Path file = path(log, queueId);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** All records of a log; none when there is no log. */
  List<Map<String, String>> read(String log, String queueId) throws IOException {
    List<Map<String, String>> records = new ArrayList<>();
    if (!isThere(log, queueId)) {
      return records;
    }
    for (String block : Files.readString(path(log, queueId)).split("\n\n+", -1)) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String line : block.strip().split("\n", -1)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          fields.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      if (!fields.isEmpty()) {
        records.add(fields);
      }
    }
    return records;
  }

  private static void record(ByteArrayOutputStream out, char type, String text) {
    record(out, type, text.getBytes(StandardCharsets.UTF_8));
  }

  /** One record: type, length in groups of 7 bits with the lowest first, data (record.c). */
  private static void record(ByteArrayOutputStream out, char type, byte[] data) {
    out.write(type);
    int rest = data.length;
    do {
      int group = rest & 0x7f;
      rest >>>= 7;
      out.write(rest == 0 ? group : group | 0x80);
    } while (rest != 0);
    out.writeBytes(data);
  }
}
