package org.mailjournal.receipt;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Loopback, and the networks that are the site's own ({@code 192.0.2.0/24}). */
final class Networks {
  /** So that no text is ever looked up as a name. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final List<Network> networks = new ArrayList<>();

  private static final class Network {
    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    private boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((address[i / 8] & mask) != (other[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  Networks(List<String> texts) {
    for (String text : texts) {
      int slash = text.indexOf('/');
      parse(slash < 0 ? text : text.substring(0, slash))
          .ifPresent(
              address -> {
                int all = address.getAddress().length * 8;
                int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
                networks.add(new Network(address.getAddress(), Math.min(bits, all)));
              });
    }
  }

  boolean contain(String text) {
    Optional<InetAddress> address = parse(text);
    return address.isPresent()
        && (address.get().isLoopbackAddress()
            || networks.stream().anyMatch(n -> n.contains(address.get().getAddress())));
  }

  private static Optional<InetAddress> parse(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }
}
