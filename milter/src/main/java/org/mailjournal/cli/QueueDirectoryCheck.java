package org.mailjournal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mailjournal.config.Config;
import org.mailjournal.config.Key;

/** Whether what Postfix writes down of recipients can be read. */
final class QueueDirectoryCheck implements Check {
  private static final List<String> READ = List.of("active", "bounce", "defer", "trace", "private");

  @Override
  public List<Finding> findings(Subject subject) {
    Optional<Path> directory = subject.config().postfix().map(Config.Postfix::queueDirectory);
    if (directory.isEmpty()) {
      return List.of();
    }
    String setting = Key.POSTFIX_QUEUE_DIRECTORY.path() + " = " + directory.get();
    if (!Files.isDirectory(directory.get())) {
      return List.of(
          Finding.configuration(
              setting + ": there is no such directory",
              "set it to what 'postconf -h queue_directory' prints"));
    }
    List<String> missing = names(directory.get(), path -> !Files.isDirectory(path));
    List<String> closed =
        names(
            directory.get(),
            path ->
                Files.isDirectory(path) && !(Files.isReadable(path) && Files.isExecutable(path)));
    String owner = subject.postfix().map(p -> p.value("mail_owner")).orElse("postfix");
    return Stream.of(
            finding(
                missing,
                setting + ": is no queue of Postfix; these are missing in it: ",
                "set it to what 'postconf -h queue_directory' prints, and start Postfix once"),
            finding(
                closed,
                setting + ": " + System.getProperty("user.name") + " may not read these in it: ",
                "run the daemon, and this check, as "
                    + owner
                    + ": sudo -u "
                    + owner
                    + " journal check"))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<String> names(Path directory, java.util.function.Predicate<Path> test) {
    return READ.stream().filter(name -> test.test(directory.resolve(name))).toList();
  }

  private static Optional<Finding> finding(List<String> names, String problem, String cure) {
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(Finding.configuration(problem + String.join(", ", names), cure));
  }
}
