package org.mailjournal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.mailjournal.cli.CommandLineProgram;
import org.mailjournal.cli.Services;
import org.mailjournal.config.Config;
import org.mailjournal.egress.RelayFiles;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Rebuilt;
import org.mailjournal.receipt.ReceiptSettings;
import org.mailjournal.receipt.Signer;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/** The program's way in, and the only place that wires the rooms. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (!List.of(args).contains("run")) {
      // A person asked a question: what the libraries have to say is not the answer.
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    }
    // Not System.out: it would write in the locale's character set.
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    // Only the launcher can tell: Java's console is about standard input as well, and differs by
    // version.
    System.exit(run(args, out, err, Boolean.getBoolean("mailjournal.terminal")));
  }

  /** The program as a function of its arguments: for tests, and for {@link #main}. */
  public static int run(String[] args, PrintStream out, PrintStream err, boolean terminal) {
    Clock clock = Clock.systemUTC();
    return new CommandLineProgram(
            new Rooms(clock, err),
            clock,
            ZoneId.systemDefault(),
            System.getenv(),
            out,
            err,
            terminal)
        .run(args);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /** What the command line asks of the other rooms. */
  private record Rooms(Clock clock, PrintStream err) implements Services {
    @Override
    public JournalReader openReader(Config config) {
      return SqliteJournal.openReadOnly(Settings.of(config.store().url()));
    }

    @Override
    public int run(Config config) {
      return Daemon.run(config, clock, err);
    }

    @Override
    public Signer signer(Config config) {
      return Signer.open(ReceiptKey.settings(config, host()), clock);
    }

    @Override
    public ReceiptSettings receiptSettings(Config config) {
      // Whatever is sent by hand is sent once.
      return ReceiptWiring.settings(config, host(), false);
    }

    @Override
    public Optional<String> relayCredentialsProblem(Path file) {
      return RelayFiles.credentialsProblem(file);
    }

    @Override
    public Optional<String> relayTrustProblem(Path file) {
      return RelayFiles.trustProblem(file);
    }

    @Override
    public String host() {
      return Daemon.mailName();
    }

    @Override
    public Rebuilt rebuild(Config config) {
      return SqliteJournal.rebuild(Settings.of(config.store().url()));
    }

    @Override
    public List<String> verify(Config config) {
      return SqliteJournal.verify(Settings.of(config.store().url()));
    }

    @Override
    public long backup(Config config, Path target) {
      return SqliteJournal.backup(Settings.of(config.store().url()), target);
    }
  }
}
