package org.mailjournal.postfix;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageState;

/** Mail that Postfix took and that no milter was asked about. */
abstract class FoundlingCase extends TapCase {
  static final Instant ARRIVAL = Instant.parse("2026-11-24T08:07:12.652Z");
  static final String RECORD =
      """

      recipient=%s
      original_recipient=%s
      status=2.0.0
      action=relayed
      notify_flags=14
      reason=ok

      """;

  /** A house whose Postfix has a name. */
  TapHouse named() throws IOException {
    house.close();
    house =
        new TapHouse(directory, s -> s.withInstance(Optional.empty(), Set.of("mail.example.org")));
    return house;
  }

  List<Event.Received> received() {
    return house.journal.all().stream()
        .filter(Event.Received.class::isInstance)
        .map(Event.Received.class::cast)
        .toList();
  }

  MessageState message() {
    return house.journal.state(received().get(0).message()).orElseThrow();
  }
}
