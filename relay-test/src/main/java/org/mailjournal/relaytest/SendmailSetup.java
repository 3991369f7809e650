package org.mailjournal.relaytest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a test wants of its private sendmail; {@link #start} makes it. Without any wish it takes
 * mail on loopback for {@code local.test}, relays for loopback, offers STARTTLS and AUTH PLAIN, and
 * retries only when told to.
 */
public final class SendmailSetup {
  /** The domain of local mailboxes and aliases. */
  public static final String LOCAL_DOMAIN = "local.test";

  /** Its own name, {@code $j}. */
  public static final String HOST_NAME = "mail." + LOCAL_DOMAIN;

  /** Logs in with AUTH PLAIN; the password is the same. */
  public static final String USER = "alice";

  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, String> forwards = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> mailertable = new LinkedHashMap<>();
  private final Map<String, String> virtusertable = new LinkedHashMap<>();
  private Optional<String> localMailbox = Optional.empty();
  private Optional<Journal> journal = Optional.empty();
  private OptionalInt port = OptionalInt.empty();
  private Optional<Duration> retry = Optional.empty();
  private Optional<InetSocketAddress> nameServer = Optional.empty();
  private boolean everywhere;

  record Journal(int milter, int relay) {}

  public SendmailSetup localAlias(String name, String... targets) {
    aliases.put(name, String.join(", ", targets));
    return this;
  }

  /** The content of a user's .forward file. */
  public SendmailSetup forward(String user, String... targets) {
    forwards.put(user, String.join("\n", targets));
    return this;
  }

  /** Mail for the domain goes there, in the words of mailertable ({@code esmtp:[gate.test]}). */
  public SendmailSetup mailertable(String domain, String mailer) {
    mailertable.put(domain, mailer);
    return this;
  }

  /** Mail for an address of the local domain goes to another, by virtusertable. */
  SendmailSetup virtual(String address, String target) {
    virtusertable.put(address, target);
    return this;
  }

  /**
   * The line of the .mc file that says who keeps local mailboxes, in place of a small script; in it
   * {@code @RELAY@} stands for the relay's port.
   */
  public SendmailSetup localMailbox(String line) {
    localMailbox = Optional.of(line);
    return this;
  }

  /** A further line of the .mc file, in front of the mailers. */
  public SendmailSetup line(String text) {
    lines.add(text);
    return this;
  }

  /** Further lines of the .mc file, in front of the mailers. */
  SendmailSetup lines(List<String> texts) {
    lines.addAll(texts);
    return this;
  }

  /** With the shipped feature and these ports of 127.0.0.1. */
  public SendmailSetup journal(int milter, int relay) {
    journal = Optional.of(new Journal(milter, relay));
    return this;
  }

  /** Runs its queue by itself this often, instead of by {@link RealSendmail#runQueue} alone. */
  public SendmailSetup retryEvery(Duration time) {
    retry = Optional.of(time);
    return this;
  }

  /** Takes mail at this port of 127.0.0.1, not at any that is free. */
  public SendmailSetup port(int number) {
    port = OptionalInt.of(number);
    return this;
  }

  /** Looks up hosts and exchangers itself, and asks this name server. */
  SendmailSetup nameServer(InetSocketAddress address) {
    nameServer = Optional.of(address);
    return this;
  }

  /** Takes mail at all IPv4 addresses of the machine. */
  SendmailSetup everywhere() {
    everywhere = true;
    return this;
  }

  public RealSendmail start() {
    return new RealSendmail(this);
  }

  Map<String, String> aliases() {
    return aliases;
  }

  Map<String, String> forwards() {
    return forwards;
  }

  Optional<String> localMailbox() {
    return localMailbox;
  }

  Map<String, String> mailertable() {
    return mailertable;
  }

  Map<String, String> virtusertable() {
    return virtusertable;
  }

  List<String> lines() {
    return lines;
  }

  Optional<Duration> retry() {
    return retry;
  }

  Optional<InetSocketAddress> nameServer() {
    return nameServer;
  }

  boolean isEverywhere() {
    return everywhere;
  }

  OptionalInt port() {
    return port;
  }

  Optional<Journal> journal() {
    return journal;
  }
}
