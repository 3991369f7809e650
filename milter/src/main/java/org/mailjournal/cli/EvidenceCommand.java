package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.receipt.Evidence;
import org.mailjournal.receipt.EvidenceBundle;
import org.mailjournal.receipt.EvidenceCheck;
import org.mailjournal.receipt.EvidenceException;
import org.mailjournal.receipt.FileWords;
import org.mailjournal.receipt.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code journal evidence}. */
@Command(
    name = "evidence",
    description = "Writes signed evidence of one message, or checks such evidence.",
    sortOptions = false)
final class EvidenceCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "REF",
      arity = "0..1",
      description = "A Message-ID, queue id or journal id.")
  private String reference;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the evidence there, not to standard output.")
  private Path output;

  @Option(
      names = "--verify",
      paramLabel = "FILE",
      description = "Check this evidence, or the whole receipt that it came with.")
  private Path evidence;

  @Option(
      names = "--message",
      paramLabel = "FILE",
      description = "With --verify: is this copy the message that was accepted?")
  private Path message;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "With --verify: PEM certificates of whom to trust.")
  private Path authorities;

  @Spec private CommandSpec spec;

  private final JournalCommand root;

  EvidenceCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    if ((reference == null) == (evidence == null)) {
      throw misuse("either REF or --verify FILE is needed, and not both");
    }
    if (evidence == null && (message != null || authorities != null)) {
      throw misuse("--message and --ca go with --verify");
    }
    if (evidence != null && output != null) {
      throw misuse("--output goes with REF");
    }
    return evidence == null ? write() : verify();
  }

  private ParameterException misuse(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  private int write() {
    Services services = root.context().services();
    return new NamedMessage(root, spec)
        .use(
            reference,
            true,
            (config, reader, message) -> {
              String json =
                  Evidence.json(
                      message.key(),
                      Evidence.events(reader, message, config.internalRelays()),
                      new Evidence.Witness(services.host(), VersionCommand.version()),
                      root.context().clock().instant());
              return put(EvidenceBundle.of(json, services.signer(config)));
            });
  }

  private int put(byte[] bundle) {
    if (output == null) {
      root.context().out().writeBytes(bundle);
      return CommandLineProgram.OK;
    }
    try {
      OutputFile.write(output, bundle);
      return CommandLineProgram.OK;
    } catch (IOException e) {
      return say(
          "evidence write: " + output + " cannot be written: " + FileWords.of(e),
          CommandLineProgram.JOURNAL);
    }
  }

  private int verify() {
    Verdict verdict;
    try {
      verdict =
          new EvidenceCheck(root.context().clock())
              .check(evidence, Optional.ofNullable(message), Optional.ofNullable(authorities));
    } catch (EvidenceException unreadable) {
      return say(String.valueOf(unreadable.getMessage()), CommandLineProgram.JOURNAL);
    }
    lines(title(verdict), verdict.shown());
    lines("What became of it, as attested:", verdict.outcomes());
    lines("It does not show:", verdict.notShown());
    return verdict.verified() ? CommandLineProgram.OK : CommandLineProgram.NOTHING_FOUND;
  }

  private static String title(Verdict verdict) {
    if (!verdict.verified()) {
      return "NOT VERIFIED";
    }
    return verdict.signerKnown() ? "VERIFIED" : "VERIFIED, but not who signed it";
  }

  private void lines(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      root.context().out().println(title);
      lines.forEach(line -> root.context().out().println("  " + Plain.text(line)));
    }
  }

  private int say(String problem, int code) {
    root.context().err().println("journal: " + Plain.text(problem));
    return code;
  }
}
