package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A small internet on loopback: a name server, and exchangers at addresses of their own, all at one
 * port in place of 25.
 *
 * <p>Linux answers at every address of 127.0.0.0/8. The network takes a part of it at random, so
 * that others on the machine can have theirs.
 */
public final class MailNetwork implements AutoCloseable {
  /** Documentation's (RFC 5737): named as our own, it stands for this machine in MX records. */
  public static final String OURSELVES = "192.0.2.99";

  private static final int ATTEMPTS = 20;

  private final NameServer names = NameServer.start();
  private final List<Exchanger> exchangers = new ArrayList<>();
  private final byte[] block;
  private final int port;
  private int hosts = 1;

  private MailNetwork(byte[] block, int port) {
    this.block = block;
    this.port = port;
  }

  /** One with nobody in it. */
  public static MailNetwork create() {
    for (int i = 0; i < ATTEMPTS; i++) {
      byte[] block = {
        127, (byte) ThreadLocalRandom.current().nextInt(1, 255), (byte) i, 1,
      };
      Optional<Integer> port = commonPort(Loopback.address(block));
      if (port.isPresent()) {
        return new MailNetwork(block, port.get());
      }
    }
    throw new IllegalStateException("no port is free at several loopback addresses");
  }

  /** Also at ::1, where there is one. */
  private static Optional<Integer> commonPort(InetAddress first) {
    try (ServerSocket one = new ServerSocket(Loopback.freePort(), 1, first)) {
      if (Loopback.hasIpv6()) {
        InetAddress six = Loopback.ipv6(0).getAddress();
        try (ServerSocket other = new ServerSocket(one.getLocalPort(), 1, six)) {
          return Optional.of(other.getLocalPort());
        }
      }
      return Optional.of(one.getLocalPort());
    } catch (IOException taken) {
      return Optional.empty();
    }
  }

  /** What the daemon must be told to use it. */
  public List<String> configuration() {
    return List.of(
        "egress.resolver = \"127.0.0.1:" + names.address().getPort() + "\"",
        "egress.mx-port = " + port,
        "egress.own-addresses = [ \"" + OURSELVES + "\" ]");
  }

  public NameServer names() {
    return names;
  }

  /** The port of every exchanger. */
  public int port() {
    return port;
  }

  /** An address at which nobody listens, known to the name server under this name. */
  public InetAddress deadHost(String name) {
    InetAddress address = nextAddress();
    names.host(name, address);
    return address;
  }

  /** The only exchanger of the domain: {@code mx.DOMAIN}. */
  public Exchanger exchangerOf(String domain) {
    Exchanger exchanger = exchanger("mx." + domain);
    names.mx(domain, 10, exchanger.name());
    return exchanger;
  }

  /** An exchanger of this name, for which there is an address and no MX record yet. */
  public Exchanger exchanger(String name) {
    return exchanger(Exchanger.Settings.named(name));
  }

  /** The same, with these settings but for the place. */
  public Exchanger exchanger(Exchanger.Settings settings) {
    return exchangerAt(settings, nextAddress());
  }

  /** The same, at this address. */
  public Exchanger exchangerAt(Exchanger.Settings settings, InetAddress address) {
    Exchanger exchanger = Exchanger.start(settings.at(address, port));
    exchangers.add(exchanger);
    names.host(settings.name(), address);
    return exchanger;
  }

  private InetAddress nextAddress() {
    byte[] octets = block.clone();
    octets[3] = (byte) ++hosts;
    return Loopback.address(octets);
  }

  @Override
  public void close() {
    exchangers.forEach(Exchanger::close);
    names.close();
  }
}
