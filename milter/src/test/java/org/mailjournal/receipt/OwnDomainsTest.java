package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Address;

class OwnDomainsTest {
  private static final OwnDomains OWN = new OwnDomains(List.of("Example.org", ".lab.example.org"));

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
