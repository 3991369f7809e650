package org.mailjournal.relaytest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a test wants of its private Postfix; {@link #start} makes it.
 *
 * <p>Without any wish it takes mail on loopback for {@code local.test} (every user of the system
 * has a mailbox) and {@code alias.test} (virtual aliases), relays for 127.0.0.1 and ::1, offers
 * STARTTLS, AUTH PLAIN and XCLIENT, and retries only when told to.
 */
public final class PostfixSetup {
  /** The domain of local mailboxes and local aliases. */
  public static final String LOCAL_DOMAIN = "local.test";

  /** The domain of virtual aliases. */
  public static final String ALIAS_DOMAIN = "alias.test";

  /** What a client may log in with: the same word twice. */
  public static final String USER = "alice";

  private final Map<String, String> main = new LinkedHashMap<>();
  private final Map<String, String> transports = new LinkedHashMap<>();
  private final Map<String, String> virtualAliases = new LinkedHashMap<>();
  private final Map<String, String> localAliases = new LinkedHashMap<>();
  private final Map<String, String> forwards = new LinkedHashMap<>();
  private final Map<String, String> smtpd = new LinkedHashMap<>();
  private final Map<String, String> reinjection = new LinkedHashMap<>();
  private Optional<InetSocketAddress> contentFilter = Optional.empty();
  private Optional<String> milter = Optional.empty();

  /** Mail for the domain goes to this port of 127.0.0.1. */
  public PostfixSetup route(String domain, int port) {
    return route(domain, "smtp:[127.0.0.1]:" + port);
  }

  /** Mail for the domain goes there, in the words of transport(5). */
  public PostfixSetup route(String domain, String transport) {
    transports.put(domain, transport);
    return this;
  }

  public PostfixSetup virtualAlias(String address, String... targets) {
    virtualAliases.put(address, String.join(", ", targets));
    return this;
  }

  public PostfixSetup localAlias(String name, String... targets) {
    localAliases.put(name, String.join(", ", targets));
    return this;
  }

  /** The content of a user's .forward file. */
  public PostfixSetup forward(String user, String... targets) {
    forwards.put(user, String.join("\n", targets));
    return this;
  }

  /** Any setting of main.cf; over those that this fixture makes. */
  public PostfixSetup main(String name, String value) {
    main.put(name, value);
    return this;
  }

  /** An {@code -o} of the smtpd that takes mail. */
  public PostfixSetup smtpdOption(String name, String value) {
    smtpd.put(name, value);
    return this;
  }

  /** An {@code -o} of the smtpd that takes mail back from the content filter. */
  public PostfixSetup reinjectionOption(String name, String value) {
    reinjection.put(name, value);
    return this;
  }

  /** Mail goes through a filter there, which brings it back to {@link RealPostfix#reinjection}. */
  public PostfixSetup contentFilter(InetSocketAddress filter) {
    contentFilter = Optional.of(filter);
    return this;
  }

  /** Retries by itself this often, instead of by {@link RealPostfix#runQueue} alone. */
  public PostfixSetup retryEvery(Duration time) {
    String seconds = time.toSeconds() + "s";
    return main("queue_run_delay", seconds)
        .main("minimal_backoff_time", seconds)
        .main("maximal_backoff_time", seconds);
  }

  /** Gives mail up at the first attempt after this time. */
  public PostfixSetup giveUpAfter(Duration time) {
    String seconds = time.toSeconds() + "s";
    return main("maximal_queue_lifetime", seconds).main("bounce_queue_lifetime", seconds);
  }

  /** Warns senders at the first attempt after this time. */
  public PostfixSetup warnAfter(Duration time) {
    return main("delay_warning_time", time.toSeconds() + "s");
  }

  /** Enabled by the shipped script before it starts; see {@link RealPostfix#enableJournal}. */
  public PostfixSetup journal(String milterSpec) {
    milter = Optional.of(milterSpec);
    return this;
  }

  public RealPostfix start() {
    return new RealPostfix(this);
  }

  Map<String, String> main() {
    return main;
  }

  Map<String, String> transports() {
    return transports;
  }

  Map<String, String> virtualAliases() {
    return virtualAliases;
  }

  Map<String, String> localAliases() {
    return localAliases;
  }

  Map<String, String> forwards() {
    return forwards;
  }

  Map<String, String> smtpdOptions() {
    return smtpd;
  }

  Map<String, String> reinjectionOptions() {
    return reinjection;
  }

  Optional<InetSocketAddress> contentFilter() {
    return contentFilter;
  }

  Optional<String> milter() {
    return milter;
  }

  List<String> users() {
    return List.of(USER);
  }
}
