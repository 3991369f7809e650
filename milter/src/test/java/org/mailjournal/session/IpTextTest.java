package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTextTest {
  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:1, ::1",
    "0:0:0:0:0:0:0:0, ::",
    "2001:db8:0:0:0:0:0:7, 2001:db8::7",
    "2001:0DB8:0:0:1:0:0:0, 2001:db8:0:0:1::",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "fe80:0:0:0:0:0:0:0, fe80::",
    "2001:db8::7, 2001:db8::7",
    "IPv6:2001:db8:0:0:0:0:0:7, 2001:db8::7",
    "IPv6:2001:db8::7, 2001:db8::7",
    "192.0.2.1, 192.0.2.1",
    "unknown, unknown"
  })
  void anAddressHasOneForm(String given, String form) {
    assertEquals(form, IpText.canonical(given));
  }
}
