package org.mailjournal.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Who may use the relay: this machine, and the networks that were named. */
final class Peers {
  private final List<Network> networks;

  Peers(List<String> networks) {
    this.networks = networks.stream().map(Peers::network).toList();
  }

  private record Network(byte[] address, int bits) {
    private boolean holds(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if (((other[i / 8] ^ address[i / 8]) & mask) != 0) {
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
    return client.isLoopbackAddress()
        || networks.stream().anyMatch(n -> n.holds(client.getAddress()));
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      if (!address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
        throw new UnknownHostException(address);
      }
      byte[] bytes = InetAddress.getByName(address).getAddress();
      int all = bytes.length * 8;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      if (bits < 1 || bits > all) {
        // A network of no bits is everybody, and this would be an open relay.
        throw new UnknownHostException(text);
      }
      return new Network(bytes, bits);
    } catch (UnknownHostException | NumberFormatException malformed) {
      throw EgressException.of(
          "egress.clients",
          "'" + text + "' is no network",
          "write an address or network, 192.0.2.0/24",
          malformed);
    }
  }
}
