package org.mailjournal.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Clients whose Received fields are believed: this machine, and the administrator's other ones.
 * Anybody else can write what he likes into a Received field, another message's queue id too.
 */
final class Neighbours {
  private final List<Network> networks = new ArrayList<>();

  private record Network(InetAddress first, int bits) {
    private boolean holds(byte[] client) {
      byte[] address = first.getAddress();
      if (client.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit += Byte.SIZE) {
        int mask = 0xff00 >> Math.min(Byte.SIZE, bits - bit);
        if (((client[bit / Byte.SIZE] ^ address[bit / Byte.SIZE]) & mask & 0xff) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * @param networks addresses and networks in CIDR notation, {@code 192.0.2.0/24}
   */
  Neighbours(List<String> networks) {
    for (String network : networks) {
      String[] parts = network.split("/", 2);
      InetAddress first = literal(parts[0]);
      int all = first.getAddress().length * Byte.SIZE;
      this.networks.add(new Network(first, parts.length > 1 ? Integer.parseInt(parts[1]) : all));
    }
  }

  /**
   * Whether the client is one of them.
   *
   * @param server the address that it reached the MTA at, which a client on the same machine has
   *     too
   */
  boolean include(Optional<String> client, Optional<String> server) {
    if (client.isEmpty()) {
      return false;
    }
    InetAddress address = literal(client.get());
    return address.isLoopbackAddress()
        || client.equals(server)
        || networks.stream().anyMatch(network -> network.holds(address.getAddress()));
  }

  /** The DNS is not asked: what comes here was found to be a literal. */
  private static InetAddress literal(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address: expected a literal, got '" + text + "'", e);
    }
  }
}
