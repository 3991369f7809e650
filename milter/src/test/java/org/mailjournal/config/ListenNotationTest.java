package org.mailjournal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.config.Config.Listen;

class ListenNotationTest {
  @ParameterizedTest
  @CsvSource({
    "inet:8891@127.0.0.1, inet:8891@127.0.0.1",
    "inet:127.0.0.1:8891, inet:8891@127.0.0.1",
    "inet:localhost:8891, inet:8891@localhost",
    "inet:8891@[::1], inet:8891@[::1]",
    "inet6:8891@[::1], inet:8891@[::1]",
    "inet:[::1]:8891, inet:8891@[::1]",
    "inet:0@127.0.0.1, inet:0@127.0.0.1",
    "unix:/run/mj/milter.sock, unix:/run/mj/milter.sock",
    "local:/run/mj/milter.sock, unix:/run/mj/milter.sock"
  })
  void bothNotationsMeanTheSamePlace(String text, String place) {
    assertEquals(Optional.of(place), ListenNotation.parse(text).map(Listen::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "inet",
        "inet:",
        "inet:8891",
        "inet:8891@",
        "inet:65536@localhost",
        "inet:::1:25",
        "inet:a b:25",
        "unix:",
        "unix:run/x",
        "unix:/run/",
        "fifo:/x",
        "/run/x"
      })
  void otherFormsAreNone(String text) {
    assertEquals(Optional.empty(), ListenNotation.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "inet:1@127.0.0.1, true",
    "inet:1@127.9.9.9, true",
    "inet:1@localhost, true",
    "inet:1@[::1], true",
    "unix:/x, true",
    "inet:1@0.0.0.0, false",
    "inet:1@192.0.2.1, false",
    "inet:1@[::], false",
    "inet:1@127.example.com, false"
  })
  void onlyThisMachineComesToLoopback(String text, boolean loopback) {
    assertEquals(Optional.of(loopback), ListenNotation.parse(text).map(ListenNotation::isLoopback));
  }
}
