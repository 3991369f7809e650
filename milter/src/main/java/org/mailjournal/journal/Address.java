package org.mailjournal.journal;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An envelope address as the MTA gave it, without angle brackets; empty is the null reverse-path
 * (RFC 5321 section 4.5.5). Two addresses are equal when they differ in nothing but the case of the
 * domain: the local part belongs to its host (RFC 5321 section 2.4).
 */
public record Address(String text) {
  /** The null reverse-path, {@code <>}. */
  public static final Address NULL = new Address("");

  /**
   * Another one in each process. Whoever knows how addresses are hashed can send a message to
   * thousands that all meet, and each table of recipients becomes a list.
   */
  private static final long SEED = new Random().nextLong();

  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  /** {@code @one,@[IPv6:2001:db8::1]:} in front of an address. */
  private static final Pattern ROUTE = Pattern.compile("@(?:[^:\\[\\]]++|\\[[^\\]]*+\\])*+:(?=.)");

  /**
   * The address inside one pair of angle brackets, or the text as it is; without blanks around it,
   * which MTAs pass over, and without a source route, which they ignore (RFC 5321 appendix C).
   */
  public static Address ofPath(String path) {
    String text = path.strip();
    if (text.startsWith("<") && text.endsWith(">")) {
      text = text.substring(1, text.length() - 1).strip();
    }
    Matcher route = ROUTE.matcher(text);
    return new Address(route.lookingAt() ? text.substring(route.end()) : text);
  }

  /** With the domain in lower case: what is compared and looked up. */
  public String comparable() {
    int at = text.lastIndexOf('@');
    return at < 0 ? text : text.substring(0, at) + text.substring(at).toLowerCase(Locale.ROOT);
  }

  /** The domain in lower case; empty when there is none. */
  public String domain() {
    int at = text.lastIndexOf('@');
    return at < 0 ? "" : text.substring(at + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * With A-labels for the domain's U-labels, where nothing else is outside ASCII: so it needs no
   * SMTPUTF8 (RFC 6531 section 3.2). Any other address as it is.
   */
  public Address inAscii() {
    int at = text.lastIndexOf('@') + 1;
    String ascii = text.substring(0, at) + DomainForm.comparable(text.substring(at));
    boolean needed = text.chars().anyMatch(c -> c >= 0x80);
    return needed && ascii.chars().allMatch(c -> c < 0x80) ? new Address(ascii) : this;
  }

  public boolean isNull() {
    return text.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address address && comparable().equals(address.comparable());
  }

  @Override
  public int hashCode() {
    String words = comparable();
    long hash = SEED;
    for (int i = 0; i < words.length(); i++) {
      hash = (hash ^ words.charAt(i)) * FACTOR;
      hash ^= hash >>> 29;
    }
    return (int) (hash >>> 32);
  }

  @Override
  public String toString() {
    return text;
  }
}
