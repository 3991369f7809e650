package org.mailjournal.session;

import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Bytes;
import org.mailjournal.protocol.Macros;
import org.mailjournal.protocol.Octets;

/** How octets from the MTA become text here. */
final class Text {
  private Text() {}

  static String of(Octets octets) {
    return Bytes.text(octets.toArray());
  }

  static List<String> of(List<Octets> octets) {
    return octets.stream().map(Text::of).toList();
  }

  /** A macro's value; empty also when the MTA sent it without one. */
  static Optional<String> of(Macros macros, String name) {
    return macros.get(name).filter(value -> value.length() > 0).map(Text::of);
  }
}
