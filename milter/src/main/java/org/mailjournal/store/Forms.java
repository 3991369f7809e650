package org.mailjournal.store;

import java.util.List;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.DomainForm;

/** An address under each name that its domain has: as it is, and in its other form. */
final class Forms {
  private Forms() {}

  static List<Address> of(Address address) {
    String text = address.text();
    String local = text.substring(0, text.lastIndexOf('@') + 1);
    return DomainForm.other(address.domain())
        .map(domain -> List.of(address, new Address(local + domain)))
        .orElse(List.of(address));
  }
}
