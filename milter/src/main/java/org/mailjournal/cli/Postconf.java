package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mailjournal.cli.PostfixService.Name;

/**
 * Postfix's settings as {@code postconf} prints them.
 *
 * @param directory where main.cf and master.cf lie
 * @param main main.cf with all defaults, {@code $name} expanded
 */
record Postconf(Path directory, Map<String, String> main, List<PostfixService> services) {
  /** Columns of a master.cf entry before the command (master(5)). */
  private static final int COLUMNS = 7;

  static Postconf read(PostconfReader reader, Path directory) throws IOException {
    return parse(
        directory,
        reader.read(directory, "-x"),
        reader.read(directory, "-M"),
        reader.read(directory, "-Px"));
  }

  /** From the output of {@code postconf -x}, {@code postconf -M} and {@code postconf -Px}. */
  static Postconf parse(Path directory, String main, String master, String overrides) {
    Map<Name, Map<String, String>> own = new LinkedHashMap<>();
    assignments(overrides)
        .forEach(
            (name, value) -> {
              String[] parts = name.split("/", 3);
              if (parts.length == 3) {
                own.computeIfAbsent(new Name(parts[0], parts[1]), n -> new LinkedHashMap<>())
                    .put(parts[2], value);
              }
            });
    List<PostfixService> services = new ArrayList<>();
    for (String line : master.lines().toList()) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > COLUMNS) {
        Name name = new Name(columns[0], columns[1]);
        services.add(
            new PostfixService(
                name, columns[4], columns[COLUMNS], Map.copyOf(own.getOrDefault(name, Map.of()))));
      }
    }
    return new Postconf(directory, assignments(main), List.copyOf(services));
  }

  private static Map<String, String> assignments(String text) {
    Map<String, String> assignments = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        assignments.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return assignments;
  }

  /** A setting of main.cf; empty when it has no value. */
  String value(String name) {
    return main.getOrDefault(name, "");
  }

  /** The setting that holds for a service: its own {@code -o}, else main.cf's. */
  String value(PostfixService service, String name) {
    return service.overrides().getOrDefault(name, value(name));
  }

  /** The services that run a program, {@code smtpd}. */
  List<PostfixService> running(String command) {
    return services.stream().filter(s -> s.command().equals(command)).toList();
  }

  /** Whether Postfix confines a service to its queue directory. */
  boolean isChrooted(PostfixService service) {
    // master(5): "-" was "y" until Postfix 3.0, and still is with compatibility_level 0.
    return service.chroot().equals("y")
        || (service.chroot().equals("-") && value("compatibility_level").matches("0?"));
  }

  Path queueDirectory() {
    return Path.of(value("queue_directory"));
  }

  /** A setting as a sentence begins with it. */
  static String shown(String name, String value) {
    return value.isEmpty() ? name + " is empty" : name + " = " + value;
  }

  /** The command that sets a parameter of main.cf. */
  String set(String name, String value) {
    return "postconf -c " + directory + " -e '" + name + " = " + value + "'";
  }

  /** The command that sets a parameter of one service in master.cf to a value or a list. */
  String set(PostfixService service, String name, String value) {
    return "postconf -c "
        + directory
        + " -P '"
        + service.name()
        + "/"
        + name
        + "="
        + withoutBlanks(value)
        + "'";
  }

  /** {@code postconf -P} refuses blanks; between the elements of a list a comma says the same. */
  private static String withoutBlanks(String list) {
    return list.replaceAll("\\s*([=,])\\s*", "$1")
        .replaceAll("\\{\\s+", "{")
        .replaceAll("\\s+\\}", "}")
        .strip()
        .replaceAll("\\s+", ",");
  }
}
