package org.mailjournal.postfix;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tap must know of the Postfix instance that it serves. Names are those of main.cf and
 * master.cf.
 *
 * @param queueDirectory {@code queue_directory}
 * @param trace the trace service, which qmgr alone reaches under our name
 * @param bounce the bounce service
 * @param defer the defer service
 * @param hashQueueNames {@code hash_queue_names}, in lower case
 * @param hashQueueDepth {@code hash_queue_depth}
 * @param version {@code mail_version}; absent means one of 3.6 or later
 * @param mtas the names under which the milter records this instance's messages ({@code {j}},
 *     {@code myhostname}); the queue audit leaves the messages of others alone. Empty where it is
 *     not known which are its: then there is no audit.
 * @param auditPeriod how often messages that should be in the queue are looked for there
 * @param auditAge a message is looked for when it is so old
 * @param peerTimeout qmgr gets so long to state its request, and to take the answer
 * @param serviceTimeout a real service must have answered so long after qmgr came to us
 * @param drain how long {@code close} waits for requests that are being answered
 */
public record Settings(
    Path queueDirectory,
    Route trace,
    Route bounce,
    Route defer,
    Set<String> hashQueueNames,
    int hashQueueDepth,
    Optional<String> version,
    Set<String> mtas,
    Duration auditPeriod,
    Duration auditAge,
    Duration peerTimeout,
    Duration serviceTimeout,
    Duration drain) {
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\b.*");

  public Settings {
    hashQueueNames = Set.copyOf(hashQueueNames);
    mtas = Set.copyOf(mtas);
    if (hashQueueDepth < 1 || hashQueueDepth > 16) {
      throw TapException.of(
          "settings", "hash_queue_depth: expected 1 to 16", String.valueOf(hashQueueDepth), "mend");
    }
  }

  /**
   * One service.
   *
   * @param ours the name of our socket under {@code private/}
   * @param real the name of Postfix's own service there
   */
  public record Route(String ours, String real) {}

  /** Everything as Postfix and our own configuration scripts have it by default. */
  public static Settings of(Path queueDirectory) {
    return new Settings(
        queueDirectory,
        new Route("journal-trace", "trace"),
        new Route("journal-bounce", "bounce"),
        new Route("journal-defer", "defer"),
        Set.of("deferred", "defer"),
        1,
        Optional.empty(),
        Set.of(),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        // Below abounce.c's ABOUNCE_TIMEOUT of 1000 s, so that we know before qmgr gives up, with
        // time left for what is done behind the answer.
        Duration.ofSeconds(900),
        Duration.ofSeconds(20));
  }

  /** With {@code hash_queue_names}, as main.cf has it, and {@code hash_queue_depth}. */
  public Settings withHashing(String names, int depth) {
    Set<String> set = new HashSet<>();
    for (String name : names.toLowerCase(Locale.ROOT).split("[\\s,]+", -1)) {
      if (!name.isEmpty()) {
        set.add(name);
      }
    }
    return new Settings(
        queueDirectory,
        trace,
        bounce,
        defer,
        set,
        depth,
        version,
        mtas,
        auditPeriod,
        auditAge,
        peerTimeout,
        serviceTimeout,
        drain);
  }

  /** With what {@code postconf mail_version} says, and {@code postconf myhostname}. */
  public Settings withInstance(Optional<String> mailVersion, Set<String> names) {
    return new Settings(
        queueDirectory,
        trace,
        bounce,
        defer,
        hashQueueNames,
        hashQueueDepth,
        mailVersion,
        names,
        auditPeriod,
        auditAge,
        peerTimeout,
        serviceTimeout,
        drain);
  }

  /** With other times. */
  public Settings withTimes(Duration audit, Duration age, Duration peer, Duration service) {
    return new Settings(
        queueDirectory,
        trace,
        bounce,
        defer,
        hashQueueNames,
        hashQueueDepth,
        version,
        mtas,
        audit,
        age,
        peer,
        service,
        drain);
  }

  /** With so long for {@code close}. */
  public Settings withDrain(Duration limit) {
    return new Settings(
        queueDirectory,
        trace,
        bounce,
        defer,
        hashQueueNames,
        hashQueueDepth,
        version,
        mtas,
        auditPeriod,
        auditAge,
        peerTimeout,
        serviceTimeout,
        limit);
  }

  /** Whether messages that leave the queue without a word are looked for. */
  public boolean hasAudit() {
    return !mtas.isEmpty();
  }

  Route route(Service service) {
    return switch (service) {
      case TRACE -> trace;
      case BOUNCE -> bounce;
      case DEFER -> defer;
    };
  }

  Path socket(String name) {
    return queueDirectory.resolve("private").resolve(name);
  }

  /**
   * Whether the server speaks first: since Postfix 3.6 clients wait for the protocol's name, before
   * that an unexpected greeting makes them fail.
   */
  boolean greets() {
    Matcher matcher = VERSION.matcher(version.orElse("").strip());
    if (!matcher.matches()) {
      return true;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major > 3 || (major == 3 && Integer.parseInt(matcher.group(2)) >= 6);
  }
}
