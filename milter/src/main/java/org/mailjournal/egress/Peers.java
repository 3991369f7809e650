package org.mailjournal.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Who may use the relay: this machine, and the networks that were named. */
final class Peers {
  /** Of 10.0.0.0/8, the widest network that one site can have. */
  private static final int LEAST_BITS = 8;

  private final List<Network> networks;

  Peers(List<String> networks) {
    this.networks = networks.stream().map(Peers::network).toList();
  }

  private record Network(InetAddress address, int bits) {
    private boolean holds(InetAddress client) {
      byte[] own = address.getAddress();
      byte[] other = client.getAddress();
      if (other.length != own.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if (((other[i / 8] ^ own[i / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  boolean areNamed() {
    return !networks.isEmpty();
  }

  boolean mayEnter(InetAddress client) {
    return client.isLoopbackAddress() || networks.stream().anyMatch(n -> n.holds(client));
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      if (!address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
        throw new UnknownHostException(address);
      }
      InetAddress network = InetAddress.getByName(address);
      int all = network.getAddress().length * 8;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      if (bits < LEAST_BITS || bits > all) {
        // A network of no bits is everybody, and this would be an open relay.
        throw new UnknownHostException(text);
      }
      return new Network(network, bits);
    } catch (UnknownHostException | NumberFormatException malformed) {
      throw EgressException.of(
          "egress.clients",
          "'" + text + "' is no network",
          "write an address or network, 192.0.2.0/24",
          malformed);
    }
  }
}
