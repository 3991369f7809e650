package org.mailjournal.receipt;

import java.util.List;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.DomainForm;

/**
 * The domains whose senders may get receipts, {@code receipts.domains}.
 *
 * @param names each a domain, or a dot and the domain whose subdomains are meant
 */
public record OwnDomains(List<String> names) {
  public OwnDomains {
    names = List.copyOf(names);
  }

  /**
   * Whether the address ends in one of them; not one whose local part leads on to another domain,
   * by sendmail's or Postfix's rules for {@code user%domain}, {@code domain!user} and {@code
   * user@domain} in front of the last @.
   */
  public boolean hold(Address address) {
    String text = address.text();
    String local = text.substring(0, Math.max(0, text.lastIndexOf('@')));
    return local.chars().noneMatch(c -> c == '@' || c == '%' || c == '!')
        && names.stream().anyMatch(name -> isWithin(address.domain(), name));
  }

  /**
   * Whether a domain is the named one, or below it where the name begins with a dot; whether the
   * one or the other has A-labels or U-labels does not count.
   */
  static boolean isWithin(String domain, String name) {
    String own = DomainForm.comparable(name.startsWith(".") ? name.substring(1) : name);
    String theirs = DomainForm.comparable(domain);
    return name.startsWith(".") ? theirs.endsWith("." + own) : theirs.equals(own);
  }
}
