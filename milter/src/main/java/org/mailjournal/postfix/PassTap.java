package org.mailjournal.postfix;

import java.time.Clock;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Recorder;

/** The three services that qmgr asks after each pass over a message, between it and Postfix's. */
public final class PassTap implements AutoCloseable {
  private final Settings settings;

  public PassTap(Settings settings, Recorder recorder, JournalReader reader, Clock clock) {
    this.settings = settings;
  }

  /**
   * Listens.
   *
   * @throws TapException when a socket cannot be had
   */
  public void start() {}

  /** Stops listening, lets requests that are being answered end, and removes the sockets. */
  @Override
  public void close() {}

  Settings settings() {
    return settings;
  }
}
