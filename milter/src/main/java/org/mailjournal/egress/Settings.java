package org.mailjournal.egress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the relay needs to know.
 *
 * @param hostName the name that it gives in greetings and in EHLO to next hops
 * @param mtaNames names under which our MTA writes its own Received fields ({@code by NAME}); they
 *     are also what a loop through the MX records is recognised by
 * @param routes the first that matches is taken; without a match a domain's own MX records are
 * @param clients networks ({@code 192.0.2.0/24}) that may use the relay besides loopback
 * @param emergencyFile where outcomes wait that the journal could not take; created when needed,
 *     readable by its owner only
 * @param trust certificates in PEM that {@code verified} routes trust; absent means the JDK's
 */
public record Settings(
    Listen listen,
    String hostName,
    List<String> mtaNames,
    List<Route> routes,
    Timeouts timeouts,
    Limits limits,
    List<String> clients,
    Path emergencyFile,
    Dns dns,
    Optional<Path> trust) {
  public Settings {
    mtaNames = List.copyOf(mtaNames);
    routes = List.copyOf(routes);
    clients = List.copyOf(clients);
  }

  /** Where clients connect. */
  public sealed interface Listen {
    /** A TCP port; 0 takes any that is free. */
    record Inet(String host, int port) implements Listen {}

    /** A unix socket; what is left of an earlier one is replaced. */
    record Unix(Path path) implements Listen {}
  }

  /**
   * How long each step may take.
   *
   * @param command for MAIL, RCPT, RSET, EHLO, STARTTLS with its handshake, and AUTH
   * @param data until DATA is answered
   * @param block for the next hop to take one block of content
   * @param last for the reply after the end of data
   * @param client for our client's next words
   * @param commit for the journal
   * @param turn for a connection to a destination that has as many as it may
   * @param next for each answer up to MAIL, as long as there is another place to try; after twice
   *     as long no other is tried for who was put off, and after four times none is waited for
   */
  public record Timeouts(
      Duration connect,
      Duration greeting,
      Duration command,
      Duration data,
      Duration block,
      Duration last,
      Duration client,
      Duration commit,
      Duration turn,
      Duration next) {
    /** RFC 5321 section 4.5.3.2.7. */
    private static final Duration CLIENT = Duration.ofMinutes(5);

    private static final Duration COMMIT = Duration.ofSeconds(30);

    /** Of the five minutes that MTAs wait for the answer to RCPT. */
    private static final Duration TURN = Duration.ofMinutes(1);

    private static final Duration NEXT = Duration.ofMinutes(1);

    /** Of a usual time, as long as there is another place to try. */
    Duration brief(Duration usual) {
      return usual.compareTo(next) < 0 ? usual : next;
    }

    /** With the next hop so, with our client and the journal as usual. */
    public static Timeouts of(
        Duration connect,
        Duration greeting,
        Duration command,
        Duration data,
        Duration block,
        Duration last) {
      return new Timeouts(
          connect, greeting, command, data, block, last, CLIENT, COMMIT, TURN, NEXT);
    }
  }

  /**
   * Bounds.
   *
   * @param connections from clients at one time
   * @param perDestination onward connections to one destination at one time
   * @param addresses tried for one transaction
   * @param recipients in one transaction
   */
  public record Limits(int connections, int perDestination, int addresses, int recipients) {
    /** For a machine of ordinary size. */
    public static final Limits USUAL = new Limits(1000, 20, 10, 1000);
  }

  /**
   * How names are looked up.
   *
   * @param servers name servers; none means the system's
   * @param timeout for one lookup with all its retries
   * @param port where exchangers found by MX listen: 25
   * @param own addresses that are this machine, so that mail for them would loop; absent means
   *     those of its interfaces
   */
  public record Dns(
      List<InetSocketAddress> servers,
      Duration timeout,
      int port,
      Optional<List<InetAddress>> own) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** These name servers, or the system's, with the usual patience. */
    public static Dns of(
        List<InetSocketAddress> servers, int port, Optional<List<InetAddress>> own) {
      return new Dns(servers, PATIENCE, port, own);
    }

    public Dns {
      servers = List.copyOf(servers);
      own = own.map(List::copyOf);
    }
  }
}
