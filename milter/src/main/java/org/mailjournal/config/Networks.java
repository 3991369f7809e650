package org.mailjournal.config;

import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code internal-relays}: IP addresses and networks in CIDR notation. */
final class Networks {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
  private static final Pattern IPV4 =
      Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}(?:/([0-9]{1,2}))?");
  private static final Pattern IPV6 =
      Pattern.compile(
          "([0-9A-Fa-f:]{2,39}(?:" + OCTET + "(?:\\." + OCTET + "){3})?)(?:/([0-9]{1,3}))?");

  private final List<Problem> problems;

  Networks(List<Problem> problems) {
    this.problems = problems;
  }

  List<String> read(List<ConfigValue> entries) {
    List<String> networks = new ArrayList<>();
    for (ConfigValue entry : entries) {
      Optional<String> network = Values.text(entry).filter(Networks::isNetwork);
      network.ifPresent(networks::add);
      if (network.isEmpty()) {
        problems.add(
            Values.problem(
                Key.INTERNAL_RELAYS.path(), entry, "expected " + Key.INTERNAL_RELAYS.form()));
      }
    }
    return networks;
  }

  private static boolean isNetwork(String text) {
    Matcher v4 = IPV4.matcher(text);
    if (v4.matches()) {
      return isWithin(v4.group(1), 32);
    }
    Matcher v6 = IPV6.matcher(text);
    return v6.matches() && isIpv6(v6.group(1)) && isWithin(v6.group(2), 128);
  }

  private static boolean isWithin(String bits, int most) {
    return bits == null || Integer.parseInt(bits) <= most;
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
    if (shortened < 0) {
      return groups == 8 && !text.startsWith(":") && !text.endsWith(":");
    }
    return groups < 8 && text.indexOf("::", shortened + 1) < 0;
  }
}
