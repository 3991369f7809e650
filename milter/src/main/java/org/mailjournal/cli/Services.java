package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Rebuilt;
import org.mailjournal.receipt.ReceiptSettings;
import org.mailjournal.receipt.Signer;
import org.mailjournal.receipt.SigningException;

/** What the command asks of the rooms that it does not know. */
public interface Services {
  /**
   * Opens the journal for asking, beside a daemon that may be writing to it. Makes nothing: a
   * journal that is not there is an error.
   *
   * @throws JournalException when it cannot be read
   */
  JournalReader openReader(Config config);

  /**
   * Runs the daemon in the foreground until it is told to end.
   *
   * @return the exit code: 0 after an orderly end, 2 when the configuration cannot be used, 3 when
   *     the journal cannot be opened
   */
  int run(Config config);

  /**
   * Builds all that answers questions anew from the events.
   *
   * @throws JournalException when the journal cannot be read or written, or a daemon has it open
   */
  Rebuilt rebuild(Config config);

  /**
   * Opens the key that signs receipts and evidence.
   *
   * @throws SigningException when it cannot be used
   */
  Signer signer(Config config);

  /** How receipts are written and sent. */
  ReceiptSettings receiptSettings(Config config);

  /** Why the relay cannot log in with a credentials file; empty when it can. */
  Optional<String> relayCredentialsProblem(Path file);

  /** Why the relay cannot trust the authorities in a file; empty when it can. */
  Optional<String> relayTrustProblem(Path file);

  /** The name of this machine. */
  String host();

  /**
   * Looks for what is wrong in the journal, beside the daemon or without one.
   *
   * @return every problem; empty when it is sound
   * @throws JournalException when it cannot be read at all
   */
  List<String> verify(Config config);

  /**
   * Copies the journal as it is at one moment, beside the daemon or without one.
   *
   * @param target must not be there
   * @return how many events are in the copy
   * @throws JournalException when the journal cannot be read, or the copy cannot be written
   */
  long backup(Config config, Path target);
}
