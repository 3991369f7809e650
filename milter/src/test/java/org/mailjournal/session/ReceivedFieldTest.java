package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceivedFieldTest {
  private static String id(String value) {
    return ReceivedField.id(value).map(Object::toString).orElse("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from c (c [192.0.2.1]) by m (Postfix) with ESMTP id 51E02514002 for <a@b>; date | 51E02514002",
        "from c (c [192.0.2.1])\tby m (8.17.1.9/8.17.1.9) with ESMTPS id 6AO7TXQK016468 | 6AO7TXQK016468",
        "from c by m with esmtp (Exim 4.96) (envelope-from <a@b>) id 1rABcd-0004Xy-2Z for c@d; x | 1rABcd-0004Xy-2Z",
        "by 2002:a05:7300 with SMTP id a1csp123; date | a1csp123",
        "from id (unknown [192.0.2.1]) by m (Postfix) with SMTP ID 4A1; date | 4A1",
        "from c by m with Microsoft SMTP Server (id 99) id 15.20.1; date | 15.20.1",
        "from c by m id <4A1>; date | 4A1",
        "from c (comment id FAKE (nested id FAKE) \\) id FAKE) by m id 4A1; date | 4A1",
        "from \"quoted id FAKE\" by m id 4A1; date | 4A1",
        "from c by m; date id FAKE | none",
        "from c by m id ../etc/passwd; date | none",
        "from c by m id | none",
        "(unclosed id FAKE | none",
        "\"unclosed id FAKE | none",
        "qmail 12345 invoked by uid 89 | none",
      })
  void theIdClause(String value, String expected) {
    assertEquals(expected, id(value));
  }

  @Property(tries = 300, seed = "4714")
  void anyTextIsSurvived(
      @ForAll
          @CharRange(from = 'a', to = 'e')
          @CharRange(from = 'i', to = 'i')
          @CharRange(from = ' ', to = '<')
          @CharRange(from = '\\', to = '\\')
          String value) {
    id(value + " id " + value);
  }
}
