package org.mailjournal.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the administrator asked for, with defaults where he did not.
 *
 * @param file where it was read from
 * @param internalRelays client addresses and networks ({@code 192.0.2.0/24}) that are ours, besides
 *     this machine: their Received fields are believed
 * @param retention how long messages are kept after their last event; absent keeps them for good
 */
public record Config(
    Path file,
    Milter milter,
    Optional<Postfix> postfix,
    Optional<Egress> egress,
    Store store,
    OnFailure onFailure,
    List<String> internalRelays,
    Receipts receipts,
    Optional<Duration> retention) {
  public Config {
    internalRelays = List.copyOf(internalRelays);
  }

  /** What the MTA is told when the journal cannot commit. */
  public enum OnFailure {
    /** {@code 451 4.3.0}: the client comes again. */
    TEMPFAIL,
    /** The message is accepted unrecorded; the gap is recorded when that is possible again. */
    ACCEPT
  }

  /**
   * The milter's side.
   *
   * @param idle a connection on which the MTA says nothing for so long is closed
   */
  public record Milter(Listen listen, int maxConnections, Duration idle) {}

  /**
   * The pass tap.
   *
   * @param queueDirectory Postfix's {@code queue_directory}; switches the tap on
   * @param audit how often messages that should be in the queue are looked for there
   */
  public record Postfix(Path queueDirectory, Duration audit) {}

  /**
   * The relay on the way out.
   *
   * @param clients addresses and networks that may use it besides this machine
   * @param mtaNames under which the MTA writes its Received fields; none means the machine's name
   * @param routes checked by the room that follows them
   * @param trust certificates in PEM; absent means those that Java comes with
   */
  public record Egress(
      Listen listen,
      List<String> clients,
      List<String> mtaNames,
      List<Route> routes,
      Dns dns,
      Optional<Path> trust,
      Timeouts timeouts) {
    public Egress {
      clients = List.copyOf(clients);
      mtaNames = List.copyOf(mtaNames);
      routes = List.copyOf(routes);
    }
  }

  /**
   * How the relay finds exchangers.
   *
   * @param resolver absent means the machine's own
   * @param mxPort where exchangers listen
   * @param ownAddresses mail for which would come back to us; none means those of the machine's
   *     interfaces
   */
  public record Dns(Optional<Place> resolver, int mxPort, List<String> ownAddresses) {
    public Dns {
      ownAddresses = List.copyOf(ownAddresses);
    }
  }

  /** An IP address, without brackets, and a port. */
  public record Place(String address, int port) {}

  /** How long the relay waits for a next hop, step by step (RFC 5321 section 4.5.3.2). */
  public record Timeouts(
      Duration connect,
      Duration greeting,
      Duration command,
      Duration data,
      Duration block,
      Duration endOfData) {}

  /** One line of {@code egress.routes}: which recipient domains go where, in the file's words. */
  public record Route(String domain, String to, Optional<String> tls, Optional<Path> credentials) {}

  /**
   * Who gets receipts, and how they are written and sent.
   *
   * @param rules the first that names a message's sender counts, before {@code give}
   * @param domains the site's own: receipts go nowhere else
   * @param only whether the MTA's own success reports give way to them
   * @param limit for one sender within an hour
   * @param language absent for the message's own
   * @param key PKCS#12; absent for one that is made at first use
   * @param keyPassword a file
   */
  public record Receipts(
      Give give,
      List<Rule> rules,
      List<String> domains,
      List<Login> logins,
      List<String> requestHeaders,
      Optional<String> plusTag,
      Duration patience,
      boolean only,
      Submit submit,
      int limit,
      Optional<String> from,
      String name,
      Optional<String> language,
      Return returned,
      Optional<Path> key,
      Optional<Path> keyPassword) {
    public Receipts {
      rules = List.copyOf(rules);
      domains = List.copyOf(domains);
      logins = List.copyOf(logins);
      requestHeaders = List.copyOf(requestHeaders);
    }

    /** Whether anybody can get one. */
    public boolean areOn() {
      return give != Give.NEVER || rules.stream().anyMatch(rule -> rule.give() != Give.NEVER);
    }
  }

  /** Who gets a receipt. */
  public enum Give {
    NEVER,
    ON_REQUEST,
    ALWAYS
  }

  /** What of the original a receipt shows. */
  public enum Return {
    /** The whole header section. */
    HEADERS,
    /** The fields by which the sender knows the message. */
    FIELDS,
    NONE
  }

  /**
   * One line of {@code receipts.rules}.
   *
   * @param what {@code sender}, {@code domain} or {@code login}
   * @param value of that
   */
  public record Rule(String what, String value, Give give) {}

  /** One line of {@code receipts.logins}: addresses and domains that a login may send as. */
  public record Login(String login, List<String> senders) {
    public Login {
      senders = List.copyOf(senders);
    }
  }

  /**
   * Where receipts are handed in.
   *
   * @param host a name or an address, IPv6 without brackets
   * @param credentials a file of two lines, login name and password
   * @param trust certificates in PEM; absent means those that Java comes with
   */
  public record Submit(
      String host, int port, Tls tls, Optional<Path> credentials, Optional<Path> trust) {
    /** Host and port as the file has them. */
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** How a connection is protected; a certificate is always verified. */
  public enum Tls {
    OFF,
    STARTTLS,
    IMPLICIT
  }

  /** Where the journal lies. */
  public record Store(String url) {}

  /** A place to listen at, in the notation of sendmail and Postfix. */
  public sealed interface Listen {
    /**
     * {@code inet:PORT@HOST}; port 0 takes any that is free.
     *
     * @param host a name or an address, IPv6 without brackets
     */
    record Inet(String host, int port) implements Listen {
      /** An IPv6 address gets the brackets that keep it apart from the port. */
      @Override
      public String toString() {
        return "inet:" + port + "@" + (host.contains(":") ? "[" + host + "]" : host);
      }
    }

    /** {@code unix:/path}. */
    record Unix(Path path) implements Listen {
      @Override
      public String toString() {
        return "unix:" + path;
      }
    }
  }
}
