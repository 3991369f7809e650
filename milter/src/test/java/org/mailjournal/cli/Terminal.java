package org.mailjournal.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.egress.RelayFiles;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Rebuilt;
import org.mailjournal.receipt.ReceiptSettings;
import org.mailjournal.receipt.Signer;
import org.mailjournal.receipt.SigningSettings;
import org.mailjournal.receipt.SubmissionSettings;

/** Somebody who types commands, at noon in Vienna, over a journal in memory. */
final class Terminal implements Services {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private JournalReader reader = Sample.journal();
  private RuntimeException trouble;
  private boolean terminal;
  private int runCode;
  private Rebuilt rebuilt = new Rebuilt(1234, 0);
  private List<String> problems = List.of();
  private CheckCommand.Machine machine =
      new CheckCommand.Machine(
          (directory, arguments) -> {
            throw new IOException("no postconf here");
          },
          (directory, table, key) -> {
            throw new IOException("no postmap here");
          },
          List.of(),
          Path.of("/nonexistent"),
          Path.of("/nonexistent/sendmail.cf"));
  private final Path directory;
  private Config lastConfig;

  Terminal(Path directory) {
    this.directory = directory;
    configured("");
    environment.put("MAILJOURNAL_CONFIG", directory.resolve("journal.conf").toString());
  }

  /** Lines of journal.conf. */
  Terminal configured(String lines) {
    try {
      Files.writeString(directory.resolve("journal.conf"), lines);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
    return this;
  }

  Terminal over(JournalReader other) {
    reader = other;
    return this;
  }

  Terminal in(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Terminal without(String name) {
    environment.remove(name);
    return this;
  }

  Terminal atTerminal() {
    terminal = true;
    return this;
  }

  Terminal failing(RuntimeException with) {
    trouble = with;
    return this;
  }

  Terminal running(int code) {
    runCode = code;
    return this;
  }

  Terminal rebuilding(Rebuilt result) {
    rebuilt = result;
    return this;
  }

  Terminal findingInTheJournal(String... wrong) {
    problems = List.of(wrong);
    return this;
  }

  Terminal on(CheckCommand.Machine other) {
    machine = other;
    return this;
  }

  int type(String... arguments) {
    out.reset();
    err.reset();
    return program().run(arguments);
  }

  CommandLineProgram program() {
    return program(context(new PrintStream(out, true, StandardCharsets.UTF_8)), false);
  }

  CommandLineProgram program(Context context, boolean hasReader) {
    return new CommandLineProgram(context, machine, () -> hasReader);
  }

  Context context(PrintStream to) {
    return new Context(
        this,
        Clock.fixed(Sample.NOON, ZoneId.of("UTC")),
        ZoneId.of("Europe/Vienna"),
        environment,
        CommandLineProgram.utf8(to),
        CommandLineProgram.utf8(new PrintStream(err, true, StandardCharsets.UTF_8)),
        terminal);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  Config lastConfig() {
    return lastConfig;
  }

  @Override
  public JournalReader openReader(Config config) {
    lastConfig = config;
    if (trouble != null) {
      throw trouble;
    }
    return reader;
  }

  @Override
  public int run(Config config) {
    lastConfig = config;
    return runCode;
  }

  @Override
  public Rebuilt rebuild(Config config) {
    lastConfig = config;
    if (trouble != null) {
      throw trouble;
    }
    return rebuilt;
  }

  @Override
  public Signer signer(Config config) {
    return Signer.open(receiptSettings(config).signing(), Clock.systemUTC());
  }

  @Override
  public ReceiptSettings receiptSettings(Config config) {
    return new ReceiptSettings(
        config.receipts().patience(),
        submission(config.receipts().submit()),
        config.receipts().limit(),
        new Address("postmaster@example.org"),
        config.receipts().name(),
        config.receipts().language(),
        config.receipts().returned().name(),
        new SigningSettings(
            config.receipts().key(),
            config.receipts().keyPassword(),
            directory.resolve("key.p12"),
            host(),
            Optional.empty()),
        host(),
        "1",
        List.of(),
        true,
        false);
  }

  private static SubmissionSettings submission(Config.Submit submit) {
    return new SubmissionSettings(
        submit.host(),
        submit.port(),
        SubmissionSettings.Tls.valueOf(submit.tls().name()),
        submit.credentials(),
        submit.trust());
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
    return "mail.example.org";
  }

  @Override
  public List<String> verify(Config config) {
    lastConfig = config;
    if (trouble != null) {
      throw trouble;
    }
    return problems;
  }

  @Override
  public long backup(Config config, Path target) {
    lastConfig = config;
    if (trouble != null) {
      throw trouble;
    }
    return 1234;
  }
}
