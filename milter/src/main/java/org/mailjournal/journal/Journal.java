package org.mailjournal.journal;

/** A journal open for recording and for asking. One process records into a journal at a time. */
public interface Journal extends Recorder, JournalReader {
  /** Commits what was handed in, then closes; what is handed in later fails as temporary. */
  @Override
  void close();
}
