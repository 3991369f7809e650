package org.mailjournal.postfix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.Consumer;

/** A log file that can be read once more when Postfix has removed it, as far as it was read. */
final class HeldLog implements Closeable {
  private final FileChannel channel;
  private final long length;

  HeldLog(FileChannel channel, long length) {
    this.channel = channel;
    this.length = length;
  }

  /** Each of its records. */
  void each(Consumer<LogRecord> visitor) throws IOException {
    channel.position(0);
    try (LogReader reader = new LogReader(Channels.newInputStream(channel))) {
      Optional<LogReader.Paragraph> next = reader.next();
      while (next.isPresent()) {
        next.get().record().filter(record -> record.end() <= length).ifPresent(visitor);
        next = reader.next();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
