package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the Postfix that is installed here says of itself, by {@code postconf}. A machine can have
 * several instances, each with a queue of its own (postmulti(1)).
 */
public final class InstalledPostfix {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledPostfix.class);
  private static final int PATIENCE_SECONDS = 10;
  private static final int LONGEST = 16 * 1024;

  /** In the order in which they are asked for, one line each. */
  private static final List<String> NAMES =
      List.of(
          "queue_directory",
          "myhostname",
          "hash_queue_names",
          "hash_queue_depth",
          "multi_instance_directories");

  /** Where private instances that are kept together with their queue have their main.cf. */
  private static final List<String> BESIDE = List.of("conf", "etc", "config", "etc/postfix");

  private final String program;
  private final Path queueDirectory;

  /** Whether postconf gave no answer when it was last asked, which may be different later. */
  private boolean unanswered;

  /** Whether the log has that already: it is asked for days, perhaps. */
  private boolean told;

  /** The instance with this queue directory. */
  public InstalledPostfix(Path queueDirectory) {
    this("postconf", queueDirectory);
  }

  InstalledPostfix(String program, Path queueDirectory) {
    this.program = program;
    this.queueDirectory = queueDirectory;
  }

  /** An instance, by what it answers to {@link #NAMES}. */
  private record Instance(List<String> values) {
    private boolean isAt(Path queueDirectory) {
      try {
        Path theirs = Path.of(values.get(0));
        return theirs.normalize().equals(queueDirectory.normalize())
            || Files.isSameFile(theirs, queueDirectory);
      } catch (IOException oneIsMissing) {
        return false;
      }
    }

    private String name() {
      return values.get(1);
    }

    private Settings in(Settings usual) {
      String depth = values.get(3);
      return usual.withHashing(
          values.get(2),
          depth.matches("[1-9]|1[0-6]") ? Integer.parseInt(depth) : usual.hashQueueDepth());
    }

    private List<String> others() {
      return List.of(values.get(4).split("[,\\s]+", -1));
    }
  }

  /**
   * The tap's settings. Where no instance is found there is no queue audit: the milter may hear
   * other instances and other hosts, too, and a message that lies in another queue has not gone.
   * Where postconf cannot be asked, Postfix 3.6 or later is assumed.
   */
  public Settings settings() {
    Optional<String> version = postconf("-dh", "mail_version").stream().findFirst();
    return of(Settings.of(queueDirectory).withInstance(version, Set.of()));
  }

  /** The same settings with what postconf could not say before, if it can now. */
  public Settings again(Settings known) {
    return unanswered ? of(known) : known;
  }

  private Settings of(Settings usual) {
    unanswered = false;
    List<Instance> all = instances();
    Optional<Instance> ours = all.stream().filter(one -> one.isAt(queueDirectory)).findFirst();
    if (ours.isEmpty() && unanswered) {
      warn(
          "queue audit: there is none until postconf says whose messages are in the queue; it is"
              + " asked again, and 'journal check' says what is wrong");
      told = true;
      return usual;
    }
    unanswered = false;
    if (ours.isEmpty()) {
      LOG.warn(
          "queue audit: there is none, for no Postfix was found whose queue_directory is {}; see"
              + " 'journal check'",
          queueDirectory);
      return usual;
    }
    Settings settings = ours.get().in(usual);
    String name = ours.get().name();
    if (all.stream().anyMatch(one -> one.name().equals(name) && !one.isAt(queueDirectory))) {
      LOG.warn(
          "queue audit: there is none, for myhostname is {} in another instance of Postfix as well:"
              + " whose a message is cannot be told; see 'journal check'",
          name);
      return settings;
    }
    return settings.withInstance(usual.version(), Set.of(name));
  }

  /** Those that {@code journal check} looks through as well. */
  private List<Instance> instances() {
    Optional<Instance> first = instance();
    Set<Path> directories = new LinkedHashSet<>();
    for (String other : first.map(Instance::others).orElse(List.of())) {
      if (other.startsWith("/")) {
        directories.add(Path.of(other));
      }
    }
    BESIDE.forEach(name -> directories.add(queueDirectory.resolveSibling(name)));
    List<Instance> instances = new ArrayList<>(first.stream().toList());
    for (Path directory : directories) {
      if (Files.exists(directory.resolve("main.cf"))) {
        instance("-c", directory.toString()).ifPresent(instances::add);
      }
    }
    return instances;
  }

  private Optional<Instance> instance(String... which) {
    List<String> arguments = new ArrayList<>(List.of(which));
    arguments.add("-xh");
    arguments.addAll(NAMES);
    List<String> values = postconf(arguments.toArray(String[]::new));
    unanswered |= values.size() != NAMES.size();
    return Optional.of(values).filter(v -> v.size() == NAMES.size()).map(Instance::new);
  }

  private List<String> postconf(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    try {
      Process postconf =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      postconf.getOutputStream().close();
      byte[] output = postconf.getInputStream().readNBytes(LONGEST);
      if (!postconf.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        postconf.destroyForcibly();
      }
      return new String(output, StandardCharsets.UTF_8).lines().map(String::strip).toList();
    } catch (IOException e) {
      warn("postconf cannot be asked: " + e.getMessage());
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private void warn(String words) {
    if (told) {
      LOG.debug(words);
    } else {
      LOG.warn(words);
    }
  }
}
