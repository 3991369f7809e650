package org.mailjournal.journal;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;

/**
 * The two forms of an internationalized domain: A-labels ({@code xn--...}) and U-labels (RFC 5890
 * section 2.3.2.1). Each is taken for the other only where the way back leads to the same domain:
 * Java's IDN is RFC 3490, which makes other letters of sharp s and final sigma, and leaves out
 * joiners, which RFC 5891 keeps.
 */
public final class DomainForm {
  private DomainForm() {}

  /** The other form of a domain in lower case; empty when it has but one. */
  public static Optional<String> other(String domain) {
    boolean isAscii = isAscii(domain);
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

  /** In lower case, and in A-labels if it can be: what two domains are compared by. */
  public static String comparable(String domain) {
    String small = domain.toLowerCase(Locale.ROOT);
    return isAscii(small) ? small : other(small).orElse(small);
  }

  private static boolean isAscii(String domain) {
    return domain.chars().allMatch(c -> c < 0x80);
  }

  private static String aLabels(String domain) {
    return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
  }

  private static String uLabels(String domain) {
    return IDN.toUnicode(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
  }
}
