package org.mailjournal.store;

import java.net.IDN;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.journal.Address;

/**
 * An address under each name that its domain has: as it is, and where it is an internationalized
 * one, also with A-labels ({@code xn--...}) for U-labels or the reverse (RFC 5890 section 2.3.2.1).
 */
final class Forms {
  private Forms() {}

  static List<Address> of(Address address) {
    String text = address.text();
    String local = text.substring(0, text.lastIndexOf('@') + 1);
    return other(address.domain())
        .map(domain -> List.of(address, new Address(local + domain)))
        .orElse(List.of(address));
  }

  /**
   * Only where the way back leads to the same domain. Java's IDN is RFC 3490: it makes other
   * letters of sharp s and final sigma, and leaves out joiners, which RFC 5891 keeps.
   */
  private static Optional<String> other(String domain) {
    boolean isAscii = domain.chars().allMatch(c -> c < 0x80);
    if (isAscii && !domain.contains("xn--")) {
      return Optional.empty();
    }
    try {
      String other = isAscii ? uLabels(domain) : aLabels(domain);
      String back = isAscii ? aLabels(other) : uLabels(other);
      return Optional.of(other).filter(o -> back.equals(domain) && !o.equals(domain));
    } catch (IllegalArgumentException noDomain) {
      return Optional.empty();
    }
  }

  private static String aLabels(String domain) {
    return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
  }

  private static String uLabels(String domain) {
    return IDN.toUnicode(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
  }
}
