package org.mailjournal.config;

import com.typesafe.config.ConfigValue;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IP addresses and networks in CIDR notation. */
final class Networks {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
  private static final Pattern IPV4 =
      Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}(?:/([0-9]{1,2}))?");
  private static final Pattern IPV6 =
      Pattern.compile(
          "([0-9A-Fa-f:]{2,39}(?:" + OCTET + "(?:\\." + OCTET + "){3})?)(?:/([0-9]{1,3}))?");

  private static final int MAPPED = 96;

  private final List<Problem> problems;

  Networks(List<Problem> problems) {
    this.problems = problems;
  }

  /**
   * The entries of a key's list; what is no network, or one of fewer bits, is a problem. An
   * IPv4-mapped one is given as the IPv4 network that it is, for clients come with such addresses.
   */
  List<String> read(Key key, List<ConfigValue> entries, int leastBits) {
    List<String> networks = new ArrayList<>();
    for (ConfigValue entry : entries) {
      Optional<String> network =
          Values.text(entry)
              .filter(text -> bits(text).isPresent())
              .flatMap(Networks::unmapped)
              .filter(text -> bits(text).filter(b -> b >= leastBits).isPresent());
      network.ifPresent(networks::add);
      if (network.isEmpty()) {
        problems.add(Values.problem(key.path(), entry, "expected " + key.form()));
      }
    }
    return networks;
  }

  static boolean isAddress(String text) {
    return text.indexOf('/') < 0 && bits(text).isPresent();
  }

  /** How many bits of it are given; of an address all. Empty when it is no network. */
  private static Optional<Integer> bits(String text) {
    Matcher v4 = IPV4.matcher(text);
    if (v4.matches()) {
      return within(v4.group(1), 32);
    }
    Matcher v6 = IPV6.matcher(text);
    return v6.matches() && isIpv6(v6.group(1)) ? within(v6.group(2), 128) : Optional.empty();
  }

  /**
   * RFC 4291 section 2.5.5.2: the last 32 of 128 bits are the IPv4 address. Empty for a network
   * that reaches beyond those.
   */
  private static Optional<String> unmapped(String text) {
    String[] parts = text.split("/", 2);
    Optional<String> ipv4 = mapped(parts[0]);
    if (ipv4.isEmpty() || parts.length == 1) {
      return ipv4.or(() -> Optional.of(text));
    }
    int bits = Integer.parseInt(parts[1]) - MAPPED;
    return ipv4.filter(address -> bits >= 0).map(address -> address + "/" + bits);
  }

  /** Java gives an IPv4 address for these. No DNS is asked: a name has no colon. */
  private static Optional<String> mapped(String address) {
    try {
      return address.contains(":") && InetAddress.getByName(address) instanceof Inet4Address ipv4
          ? Optional.of(ipv4.getHostAddress())
          : Optional.empty();
    } catch (UnknownHostException noAddress) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> within(String bits, int most) {
    return Optional.of(bits == null ? most : Integer.parseInt(bits)).filter(b -> b <= most);
  }

  /** RFC 4291 section 2.2: eight groups of up to four digits, one run of zeros shortened to ::. */
  private static boolean isIpv6(String text) {
    int groups = text.contains(".") ? 1 : 0;
    for (String group : text.split(":", -1)) {
      if (group.length() > 4 && !group.contains(".")) {
        return false;
      }
      groups += group.isEmpty() ? 0 : 1;
    }
    int shortened = text.indexOf("::");
    boolean isTorn =
        (text.startsWith(":") && shortened != 0)
            || (text.endsWith(":") && shortened != text.length() - 2);
    if (shortened < 0) {
      return groups == 8 && !isTorn;
    }
    return groups < 8 && !isTorn && text.indexOf("::", shortened + 1) < 0;
  }
}
