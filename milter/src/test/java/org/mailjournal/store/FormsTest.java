package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;

class FormsTest {
  @ParameterizedTest
  @CsvSource({
    "bob@b\u00fccher.example, bob@xn--bcher-kva.example",
    "Bob@B\u00dcCHER.example, Bob@XN--BCHER-KVA.Example",
    "bob@\ud83d\ude00.example, bob@xn--e28h.example"
  })
  void anInternationalizedDomainHasTwoForms(String unicode, String ascii) {
    Address address = new Address(unicode);
    Address other = new Address(ascii);

    assertEquals(List.of(address, other), Forms.of(address));
    assertEquals(List.of(other, address), Forms.of(other));
  }

  /** Sharp s, final sigma, a joiner, two code points for one letter, and what is no domain. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bob",
        "bob@example.org",
        "bob@stra\u00dfe.example",
        "bob@xn--strae-oqa.example",
        "bob@\u03c0\u03b1\u03c2.example",
        "bob@a\u200cb.example",
        "bob@bu\u0308cher.example",
        "bob@b\u00fccher.xn--p1ai",
        "bob@xn--",
        "bob@\u00fc..example",
        "bob@\ud800.example"
      })
  void aDomainThatIsAnotherOneOnTheWayBackHasOneForm(String address) {
    assertEquals(List.of(new Address(address)), Forms.of(new Address(address)));
  }
}
