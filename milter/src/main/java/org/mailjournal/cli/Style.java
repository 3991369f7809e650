package org.mailjournal.cli;

import org.mailjournal.journal.Status;

/** Colours of a terminal (ECMA-48 SGR), or none. */
enum Style {
  BARE,
  COLOURED;

  String bold(String text) {
    return paint("1", text);
  }

  String faint(String text) {
    return paint("2", text);
  }

  String problem(String text) {
    return paint("31", text);
  }

  /** The text in the colour of a status: green is good, yellow open, red bad or unknown. */
  String status(Status status, String text) {
    return switch (status) {
      case RELAYED, DELIVERED, EXPANDED -> paint("32", text);
      case QUEUED, DELAYED -> paint("33", text);
      case REJECTED, FAILED -> paint("31", text);
      case UNREPORTED -> paint("35", text);
    };
  }

  private String paint(String code, String text) {
    return this == BARE ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
