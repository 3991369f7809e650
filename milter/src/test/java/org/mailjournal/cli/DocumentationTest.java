package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.config.Config;
import org.mailjournal.config.ConfigLoader;
import org.mailjournal.config.Key;
import org.mailjournal.journal.EventJson;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Status;
import picocli.CommandLine;

/** What the program has, and what its documents say that it has. */
class DocumentationTest {
  private static final Path DOCUMENTS = Path.of("..", "doc");
  private static final Path EXAMPLE = Path.of("..", "etc", "journal.conf");
  private static final Pattern OPTION = Pattern.compile("(?m)^\\.BI? (?:.*\")?(--[a-z-]+)");
  private static final Pattern LONG_OPTION = Pattern.compile("--[a-z-]+");

  @TempDir private Path directory;

  private CommandLine program() {
    return new Terminal(directory).program().commandLine();
  }

  /** A man page without the escapes of roff. */
  private static String page(String name) throws IOException {
    return Files.readString(DOCUMENTS.resolve(name)).replace("\\-", "-");
  }

  private static String section(String page, String title) {
    int from = page.indexOf(".SH " + title + "\n");
    assertTrue(from >= 0, title);
    int to = page.indexOf("\n.SH ", from + 1);
    return page.substring(from, to < 0 ? page.length() : to + 1);
  }

  private static Set<String> matches(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(matcher.groupCount()));
    }
    return found;
  }

  private static Set<String> options(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .filter(option -> !option.inherited())
        .map(option -> option.longestName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theManualHasEveryCommandWithItsOptionsAndNoOther() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (String part : section(page("journal.1"), "COMMANDS").split("\n\\.SS ", -1)) {
      if (!part.startsWith(".SH")) {
        documented.put(part.substring(0, part.indexOf('\n')), matches(OPTION, part));
      }
    }

    Map<String, Set<String>> offered = new TreeMap<>();
    program().getSubcommands().forEach((name, command) -> offered.put(name, options(command)));
    assertEquals(offered, documented);
  }

  @Test
  void theManualHasTheCommonOptions() throws IOException {
    assertEquals(options(program()), matches(LONG_OPTION, section(page("journal.1"), "OPTIONS")));
  }

  @Test
  void theSynopsisNamesEveryCommandAndOption() throws IOException {
    String synopsis = section(page("journal.1"), "SYNOPSIS");
    Set<String> offered = new TreeSet<>(Set.of("--config"));
    program().getSubcommands().values().forEach(command -> offered.addAll(options(command)));

    assertEquals(offered, matches(LONG_OPTION, synopsis));
    assertEquals(
        program().getSubcommands().keySet(),
        matches(Pattern.compile("(?m)^\\.B journal ([a-z]+)"), synopsis));
  }

  @Test
  void theManualHasEveryStatus() throws IOException {
    Set<String> words = new TreeSet<>();
    for (Status status : Status.values()) {
      words.add(status.word());
    }

    assertEquals(
        words,
        matches(Pattern.compile("(?m)^\\.B ([a-z]+)$"), section(page("journal.1"), "STATUS")));
  }

  @Test
  void theManualHasEveryNameInTheJson() throws IOException {
    Terminal terminal = new Terminal(directory).over(Sample.everything());
    Set<String> names = new TreeSet<>();
    for (String command :
        new String[] {"find --json", "show 4B61820C0A --json", "stats --json --since 1w"}) {
      assertEquals(0, terminal.type(command.split(" ", -1)), terminal.err());
      terminal.out().lines().forEach(line -> names(JsonParser.parseString(line), names));
    }
    Sample.everything()
        .eventsAfter(0, 1000)
        .forEach(event -> names(JsonParser.parseString(EventJson.of(event)), names));

    Sample.receipts()
        .forEach(
            event ->
                names(JsonParser.parseString(EventJson.of(new RecordedEvent(1, event))), names));

    String json = section(page("journal.1"), "JSON");
    Set<String> bold = new TreeSet<>();
    json.lines()
        .filter(line -> line.matches("\\.(B|BR|RB) .*"))
        .forEach(line -> bold.addAll(matches(Pattern.compile("[a-z][a-z0-9_]+"), line)));
    names.removeAll(bold);
    assertEquals(Set.of(), names);
  }

  private static void names(JsonElement element, Set<String> names) {
    if (element.isJsonObject()) {
      element
          .getAsJsonObject()
          .entrySet()
          .forEach(
              field -> {
                names.add(field.getKey());
                names(field.getValue(), names);
              });
    } else if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(inner -> names(inner, names));
    }
  }

  @Test
  void theManualOfTheConfigurationHasEveryKeyWithItsDefault() throws IOException {
    String keys = section(page("journal.conf.5"), "KEYS");
    Map<String, String> documented = new TreeMap<>();
    Matcher matcher =
        Pattern.compile("(?ms)^\\.TP\n\\.B ([a-z.-]+)\n(.*?)^Default:(?:\n\\.BR (\\S+) \\.$| none)")
            .matcher(keys);
    while (matcher.find()) {
      documented.put(matcher.group(1), String.valueOf(matcher.group(3)));
    }

    Map<String, String> known = new TreeMap<>();
    for (Key key : Key.values()) {
      known.put(key.path(), String.valueOf(key.byDefault().orElse(null)));
    }
    assertEquals(known, documented);
  }

  @Test
  void theExampleShowsEveryKeyWithItsDefault() throws IOException {
    Map<String, String> shown = new TreeMap<>();
    Matcher matcher =
        Pattern.compile("(?m)^#([a-z][a-z.-]+) = \"?(.*?)\"?$").matcher(Files.readString(EXAMPLE));
    while (matcher.find()) {
      shown.put(matcher.group(1), matcher.group(2));
    }

    for (Key key : Key.values()) {
      assertTrue(shown.containsKey(key.path()), key.path());
      assertEquals(key.byDefault().orElse(shown.get(key.path())), shown.get(key.path()));
    }
    assertEquals(Key.values().length, shown.size(), shown.toString());
  }

  @Test
  void theExampleIsAConfigurationAsItIsAndWithEveryKeyTaken() throws IOException {
    Config empty = new ConfigLoader().load(Files.writeString(directory.resolve("empty"), ""));
    assertEquals(empty.store(), new ConfigLoader().load(EXAMPLE).store());

    // Whom to trust has no effect with the default.
    String all =
        Files.readString(EXAMPLE)
            .replaceAll("(?m)^#([a-z])", "$1")
            .replace("receipts.submit-tls = off", "receipts.submit-tls = starttls");
    Config config = new ConfigLoader().load(Files.writeString(directory.resolve("all"), all));

    assertEquals(empty.milter(), config.milter());
    assertTrue(config.postfix().isPresent());
    assertTrue(config.egress().isPresent());
    assertTrue(config.retention().isPresent());
  }

  @Test
  void theRoutesInTheExampleAreRoutes() throws IOException {
    String routes =
        Files.readString(EXAMPLE)
            .lines()
            .filter(line -> line.startsWith("#   "))
            .map(line -> line.substring(1))
            .collect(Collectors.joining("\n"));
    Path file =
        Files.writeString(
            directory.resolve("routes"), "egress.listen = \"inet:2526@127.0.0.1\"\n" + routes);

    assertEquals(2, new ConfigLoader().load(file).egress().orElseThrow().routes().size());
  }
}
