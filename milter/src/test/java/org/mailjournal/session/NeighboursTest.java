package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighboursTest {
  private final Neighbours neighbours =
      new Neighbours(
          List.of("192.0.2.128/25", "198.51.100.7", "2001:db8:4::/47", "203.0.113.4/30"));

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.9.9.9, true",
    "::1, true",
    "192.0.2.127, false",
    "192.0.2.128, true",
    "192.0.2.255, true",
    "192.0.3.128, false",
    "198.51.100.7, true",
    "198.51.100.8, false",
    "203.0.113.7, true",
    "203.0.113.8, false",
    "2001:db8:5:ffff::1, true",
    "2001:db8:6::1, false",
  })
  void aClientIsOneOfThemOrNot(String client, boolean expected) {
    assertEquals(expected, neighbours.include(Optional.of(client), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0/0, 192.0.2.1, true", "::/0, 2001:db8::1, true", "::/0, 192.0.2.1, false"})
  void aNetworkCanBeEverything(String network, String client, boolean expected) {
    Neighbours all = new Neighbours(List.of(network));
    assertEquals(expected, all.include(Optional.of(client), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 192.0.2.1, true", "192.0.2.1, 192.0.2.2, false", ", 192.0.2.2, false"})
  void theServersOwnAddressIsThisMachine(String client, String server, boolean expected) {
    Neighbours none = new Neighbours(List.of());
    assertEquals(expected, none.include(Optional.ofNullable(client), Optional.ofNullable(server)));
  }
}
