package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Address;

class OwnDomainsTest {
  private static final OwnDomains OWN = new OwnDomains(List.of("Example.org", ".lab.example.org"));

  /** A sender's domain comes in either form, whatever form the configuration has. */
  @ParameterizedTest
  @CsvSource({
    "Bücher.example, ada@bücher.example, true",
    "Bücher.example, ada@xn--bcher-kva.example, true",
    "xn--bcher-kva.example, ada@bücher.example, true",
    "XN--BCHER-KVA.example, ada@BÜCHER.example, true",
    ".bücher.example, ada@sub.xn--bcher-kva.example, true",
    ".xn--bcher-kva.example, ada@sub.bücher.example, true",
    ".bücher.example, ada@xn--bcher-kva.example, false",
    "bücher.example, ada@bucher.example, false",
    "straße.example, ada@strasse.example, false",
    "strasse.example, ada@straße.example, false"
  })
  void aDomainsTwoFormsAreOne(String name, String address, boolean own) {
    assertEquals(own, new OwnDomains(List.of(name)).hold(new Address(address)));
  }

  @ParameterizedTest
  @CsvSource({
    "ada@example.org, true",
    "ada@EXAMPLE.ORG, true",
    "ada@a.lab.example.org, true",
    "ada@lab.example.org, false",
    "ada@sub.example.org, false",
    "ada@notexample.org, false",
    "ada, false",
    "'', false",
    "eve%outside.test@example.org, false",
    "outside.test!eve@example.org, false",
    "eve@outside.test@example.org, false"
  })
  void whatEndsThereAndLeadsNowhereElse(String address, boolean own) {
    assertEquals(own, OWN.hold(new Address(address)));
  }
}
