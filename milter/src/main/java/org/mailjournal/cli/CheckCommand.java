package org.mailjournal.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.config.Config;
import org.mailjournal.config.ConfigException;
import org.mailjournal.config.Key;
import org.mailjournal.config.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code journal check}. */
@Command(
    name = "check",
    description =
        "Looks at configuration, rights, sockets, store and the MTA's own settings,"
            + " and names every problem with its cure.",
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--postfix-config",
      paramLabel = "DIR",
      description = "Where Postfix's main.cf lies; else looked for by postfix.queue-directory.")
  private Optional<Path> postfixConfig;

  @Option(
      names = "--sendmail-cf",
      paramLabel = "FILE",
      description = "sendmail.cf; else /etc/mail/sendmail.cf, if the relay is configured.")
  private Optional<Path> sendmailCf;

  private final JournalCommand root;
  private final Machine machine;

  /**
   * What of the machine is asked.
   *
   * @param usual configuration directories of Postfix that are looked at first
   * @param postfixFiles what this version brought for a Postfix
   * @param sendmailCf where sendmail's configuration is, if it is there
   */
  record Machine(
      PostconfReader postconf,
      TableReader tables,
      List<Path> usual,
      Path postfixFiles,
      Path sendmailCf) {
    static Machine real() {
      return new Machine(
          new PostconfProgram(),
          new PostconfProgram(),
          List.of(Path.of("/etc/postfix")),
          Path.of(PostfixMarkCheck.INSTALLED),
          Path.of("/etc/mail/sendmail.cf"));
    }
  }

  CheckCommand(JournalCommand root, Machine machine) {
    this.root = root;
    this.machine = machine;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    seen.add("configuration " + root.configFile());
    try {
      Config config = root.loadConfig();
      Optional<Postconf> postfix = postfix(config, findings);
      seen.add("store " + config.store().url());
      postfix.ifPresent(
          p -> seen.add("Postfix " + p.value("mail_version") + " in " + p.directory()));
      sendmail(config, findings)
          .ifPresent(
              file -> {
                seen.add("sendmail " + file);
                findings.addAll(SendmailCheck.findings(config, file));
              });
      findings.addAll(
          Checks.findings(
              Checks.all(root.context().services(), machine.tables(), machine.postfixFiles()),
              new Check.Subject(config, postfix)));
    } catch (ConfigException problems) {
      problems.problems().forEach(problem -> findings.add(finding(problems.file(), problem)));
    }
    print(findings, seen);
    return exitCode(findings);
  }

  /** Trouble with the file itself ends with its cure; a line of it is to be edited. */
  private static Finding finding(Path file, Problem problem) {
    String text = problem.toString();
    int cure = text.indexOf("; ");
    return problem.key().isPresent() || problem.line().isPresent() || cure < 0
        ? Finding.configuration(text, "edit " + file)
        : Finding.configuration(file + ": " + text.substring(0, cure), text.substring(cure + 2));
  }

  private Optional<Postconf> postfix(Config config, List<Finding> findings) {
    Optional<Path> queue = config.postfix().map(Config.Postfix::queueDirectory);
    PostfixFinder finder = new PostfixFinder(machine.postconf(), machine.usual());
    Optional<Path> found = queue.flatMap(finder::directoryOf);
    queue
        .flatMap(q -> QueueAuditFinding.of(q, found, postfixConfig.isPresent(), finder))
        .ifPresent(findings::add);
    Optional<Path> directory = postfixConfig.or(() -> found);
    if (directory.isPresent()) {
      Optional<Postconf> read = read(directory.get(), findings);
      read.flatMap(postfix -> otherQueue(queue, postfix, finder)).ifPresent(findings::add);
      return read;
    }
    if (queue.isEmpty() && config.egress().isEmpty() && isPostfixHere()) {
      findings.add(
          Finding.warning(
              "postfix.queue-directory is not set: what becomes of recipients is not recorded",
              "set it to what 'postconf -h queue_directory' prints"));
    }
    return Optional.empty();
  }

  /** Who names a directory may name that of another instance. */
  private static Optional<Finding> otherQueue(
      Optional<Path> queue, Postconf postfix, PostfixFinder finder) {
    return queue
        .filter(ours -> !finder.isOf(ours, postfix.directory()))
        .map(
            ours ->
                Finding.configuration(
                    Key.POSTFIX_QUEUE_DIRECTORY.path()
                        + " = "
                        + ours
                        + ": the Postfix of "
                        + postfix.directory()
                        + " has another, queue_directory = "
                        + postfix.value("queue_directory"),
                    "set it to "
                        + postfix.value("queue_directory")
                        + ", or name the directory of the Postfix whose queue it is"));
  }

  private Optional<Path> sendmail(Config config, List<Finding> findings) {
    Optional<Path> usual = Optional.of(machine.sendmailCf()).filter(Files::exists);
    if (sendmailCf.isPresent() || config.egress().isPresent()) {
      return sendmailCf.or(() -> usual);
    }
    if (usual.isPresent() && config.postfix().isEmpty() && !isPostfixHere()) {
      findings.add(
          Finding.warning(
              "egress.listen is not set: what becomes of the recipients of this machine's sendmail is"
                  + " not recorded",
              "set it, and add FEATURE(`mailjournal') to sendmail.mc: /usr/share/mailjournal/sendmail/README.md has"
                  + " the steps"));
    }
    return Optional.empty();
  }

  private boolean isPostfixHere() {
    return machine.usual().stream().anyMatch(d -> Files.exists(d.resolve("main.cf")));
  }

  private Optional<Postconf> read(Path directory, List<Finding> findings) {
    try {
      return Optional.of(Postconf.read(machine.postconf(), directory));
    } catch (IOException cause) {
      findings.add(
          Finding.configuration(
              "Postfix's settings in " + directory + " cannot be read: " + cause.getMessage(),
              "run 'postconf -c " + directory + "' and see what it says"));
      return Optional.empty();
    }
  }

  private void print(List<Finding> findings, List<String> seen) {
    PrintStream out = root.context().out();
    Style style = root.context().style();
    for (Finding finding : findings) {
      String word = finding.kind() == Finding.Kind.WARNING ? "warning" : style.problem("problem");
      out.println(word + ": " + Plain.text(finding.problem()));
      out.println("   cure: " + Plain.text(finding.cure()));
    }
    long warnings = findings.stream().filter(f -> f.kind() == Finding.Kind.WARNING).count();
    long problems = findings.size() - warnings;
    out.println(
        (problems == 0 ? "No problem" : Words.count(problems, "problem"))
            + (warnings == 0 ? "" : ", " + Words.count(warnings, "warning"))
            + ". Looked at: "
            + Plain.text(String.join(", ", seen))
            + ".");
  }

  private static int exitCode(List<Finding> findings) {
    boolean configuration = findings.stream().anyMatch(f -> f.kind() == Finding.Kind.CONFIGURATION);
    boolean journal = findings.stream().anyMatch(f -> f.kind() == Finding.Kind.JOURNAL);
    return configuration
        ? CommandLineProgram.USAGE
        : journal ? CommandLineProgram.JOURNAL : CommandLineProgram.OK;
  }
}
