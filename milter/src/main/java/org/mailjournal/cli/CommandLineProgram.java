package org.mailjournal.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Status;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The {@code journal} command as a function from arguments to text and an exit code. */
public final class CommandLineProgram {
  /** Found, done, or without a problem. */
  public static final int OK = 0;

  /** The question was understood, and nothing answers it. */
  public static final int NOTHING_FOUND = 1;

  /** The command line or the configuration cannot be used. */
  public static final int USAGE = 2;

  /** The journal cannot be read or written. */
  public static final int JOURNAL = 3;

  private static final List<String> COMMANDS =
      List.of(
          "run",
          "find",
          "show",
          "tail",
          "stats",
          "receipt",
          "evidence",
          "check",
          "rebuild",
          "verify",
          "backup",
          "version");

  private final Context context;
  private final CheckCommand.Machine machine;
  private final BooleanSupplier hasReader;

  /**
   * A program that has run nothing yet.
   *
   * @param zone in which people read times, and write them without an offset
   * @param environment {@code MAILJOURNAL_CONFIG} and {@code NO_COLOR} count
   * @param terminal whether a person sits at {@code out}
   */
  public CommandLineProgram(
      Services services,
      Clock clock,
      ZoneId zone,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      boolean terminal) {
    this(
        new Context(services, clock, zone, environment, utf8(out), utf8(err), terminal),
        CheckCommand.Machine.real(),
        CommandLineProgram::isPipe);
  }

  /**
   * As the public one.
   *
   * @param hasReader whether another program reads what is printed
   */
  CommandLineProgram(Context context, CheckCommand.Machine machine, BooleanSupplier hasReader) {
    this.context = context;
    this.machine = machine;
    this.hasReader = hasReader;
  }

  /**
   * Whatever the locale says: JSON is UTF-8 (RFC 8259 section 8.1), and so are addresses. Nothing
   * may lie between the two streams, or the outer one does not learn that the inner one is broken.
   */
  static PrintStream utf8(PrintStream stream) {
    return new PrintStream(stream, false, StandardCharsets.UTF_8);
  }

  /** This program's version, as the build named it. */
  public static String version() {
    return VersionCommand.version();
  }

  /** Does what the arguments ask; never throws. */
  public int run(String... typed) {
    String[] args = usual(typed);
    int code;
    try {
      code = commandLine(needed(args)).execute(args);
    } catch (OutOfMemoryError much) {
      say("that is more than fits in memory; ask for less (--limit, --since, --until)");
      code = JOURNAL;
    }
    // Flushes as well.
    if (context.out().checkError()) {
      code = broken(code, needed(args).equals(List.of("tail")));
    }
    context.err().flush();
    return code;
  }

  /**
   * Whoever ends a pipe, as head does, has read what he wanted and needs no complaint; tail even
   * ends well then, having no other end.
   */
  private int broken(int code, boolean tail) {
    if (!hasReader.getAsBoolean()) {
      say("not all could be written to standard output; is its disk full?");
      return JOURNAL;
    }
    return tail ? code : JOURNAL;
  }

  /** Whether what we print goes to another program: then that one is gone when it breaks. */
  private static boolean isPipe() {
    try {
      String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return output.startsWith("pipe:") || output.startsWith("socket:");
    } catch (IOException unknown) {
      return false;
    }
  }

  /** What people try first, in this program's words. */
  private static String[] usual(String... typed) {
    List<String> words = new ArrayList<>(List.of(typed));
    if (words.isEmpty()) {
      return typed;
    } else if (words.get(0).equals("--version")) {
      words.set(0, "version");
    } else if (words.get(0).equals("help")) {
      words.remove(0);
      words.add("--help");
    }
    return words.toArray(String[]::new);
  }

  /** Only what is asked for is built: reading a command's options takes longer than answering. */
  private static List<String> needed(String... args) {
    int i = 0;
    while (i < args.length && args[i].startsWith("--config")) {
      i += args[i].equals("--config") ? 2 : 1;
    }
    return i < args.length && COMMANDS.contains(args[i]) ? List.of(args[i]) : COMMANDS;
  }

  private Object command(String name, JournalCommand root) {
    return switch (name) {
      case "run" -> new RunCommand(root);
      case "find" -> new FindCommand(root).spec();
      case "show" -> new ShowCommand(root).spec();
      case "tail" -> new TailCommand(root);
      case "stats" -> new StatsCommand(root);
      case "receipt" -> new ReceiptCommand(root);
      case "evidence" -> new EvidenceCommand(root);
      case "check" -> new CheckCommand(root, machine);
      case "rebuild" -> new RebuildCommand(root);
      case "verify" -> new VerifyCommand(root);
      case "backup" -> new BackupCommand(root);
      case "version" -> new VersionCommand(root);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** With every command. */
  CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  private CommandLine commandLine(List<String> names) {
    JournalCommand root = new JournalCommand(context);
    Failures failures = new Failures(context.err());
    CommandLine line = new CommandLine(root.spec());
    names.forEach(name -> line.addSubcommand(command(name, root)));
    // A TEXT such as @example.org is a domain, not a file of arguments.
    return line.setExpandAtFiles(false)
        .setOut(writer(context.out()))
        .setErr(writer(context.err()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(context.colour() ? Ansi.ON : Ansi.OFF))
        .registerConverter(int.class, new WholeNumberArgument())
        .registerConverter(Path.class, new PathArgument())
        .registerConverter(Instant.class, new TimeArgument(context.clock(), context.zone()))
        .registerConverter(Status.class, new StatusArgument())
        .registerConverter(Address.class, new AddressArgument())
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private void say(String line) {
    Failures.say(context.err(), line);
  }
}
