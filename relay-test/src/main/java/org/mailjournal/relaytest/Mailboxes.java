package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Local users' mailboxes: one directory each, one file a message, named in order of arrival. */
final class Mailboxes {
  private final Path directory;
  private final AtomicLong count = new AtomicLong();

  Mailboxes(Path directory) {
    this.directory = directory;
  }

  Fate deliver(MtaMessage message, MtaRecipient recipient) {
    String user = recipient.localPart().toLowerCase(Locale.ROOT);
    String name = "%012d".formatted(count.incrementAndGet());
    try {
      Path inbox = Files.createDirectories(directory.resolve(user));
      Path temporary = inbox.resolve("." + name);
      Files.write(temporary, withEnvelope(message, recipient));
      Files.move(temporary, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      return Fate.own(Fate.Kind.DEFERRED, "local", "4.2.0", "cannot deliver to maildir: " + failed);
    }
    return Fate.own(
        Fate.Kind.DELIVERED, "local", "2.0.0", "delivery via local: delivered to maildir");
  }

  private static byte[] withEnvelope(MtaMessage message, MtaRecipient recipient) {
    String fields =
        "Return-Path: <%s>\r\nX-Original-To: %s\r\nDelivered-To: %s\r\n"
            .formatted(message.envelope().sender(), recipient.address(), recipient.address());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(fields.getBytes(StandardCharsets.UTF_8));
    content.writeBytes(message.content());
    return content.toByteArray();
  }

  List<byte[]> of(String user) throws IOException {
    Path inbox = directory.resolve(user.toLowerCase(Locale.ROOT));
    if (!Files.isDirectory(inbox)) {
      return List.of();
    }
    List<byte[]> messages = new ArrayList<>();
    try (Stream<Path> files = Files.list(inbox)) {
      for (Path file :
          files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList()) {
        messages.add(Files.readAllBytes(file));
      }
    }
    return messages;
  }
}
