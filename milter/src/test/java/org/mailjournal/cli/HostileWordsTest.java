package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

/** What strangers wrote, on a person's terminal. */
class HostileWordsTest {
  private Terminal terminal;

  @BeforeEach
  void sit(@TempDir Path directory) {
    terminal = new Terminal(directory);
  }

  @Test
  void whatAStrangerWroteCannotMoveTheCursorOrPassForALine() {
    Event answer =
        new Sample.Outcome(
                Sample.AGAIN,
                "a\u202eb@example.com",
                Status.FAILED,
                "2026-11-24T10:00:04Z",
                "5.0.0")
            .far("mx\u001b[2J.example", "192.0.2.1:25")
            .reply("550 \u001b]0;owned\u0007 no\r\n550 root  relayed\u009b31m")
            .event();
    terminal.over(Sample.listening().record(againReceived(), answer));

    for (String command : List.of("find", "show")) {
      terminal.type(command, "4B61840C0C");
      assertTrue(
          terminal.out().codePoints().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f)),
          terminal.out());
      assertTrue(terminal.out().contains("a\\u202eb@example.com"), terminal.out());
      assertTrue(
          terminal.out().contains("550 \\x1b]0;owned\\x07 no | 550 root  relayed\\x9b31m"),
          terminal.out());
    }
  }

  /** A terminal begins a new line where an old one has no room. */
  @Test
  void whatAStrangerWroteCannotBePushedToTheStartOfALine() {
    String forged = "root@example.com  relayed";
    Event answer =
        new Sample.Outcome(
                Sample.AGAIN, "ann@example.com", Status.FAILED, "2026-11-24T10:00:04Z", "5.0.0")
            .far("mx.example", "192.0.2.1:25")
            .reply("550 OK  17" + " ".repeat(60) + forged + "\u3000".repeat(30) + "\u3164x")
            .event();
    terminal.over(Sample.listening().record(againReceived(), answer));

    for (String command : List.of("find", "show")) {
      terminal.type(command, "4B61840C0C");
      String blanks = " ".repeat(8) + "\\x20";
      assertTrue(terminal.out().contains("550 OK  17" + blanks + blanks), terminal.out());
      assertTrue(terminal.out().contains(forged), terminal.out());
      assertFalse(terminal.out().contains("\u3000".repeat(9)), terminal.out());
      assertTrue(terminal.out().contains("\\u3164x"), terminal.out());
    }
  }

  private static Event againReceived() {
    return Sample.received(
        Sample.AGAIN,
        List.of(),
        List.of(Sample.accepted("ann@example.com", Asked.DEFAULT, "smtp")));
  }
}
