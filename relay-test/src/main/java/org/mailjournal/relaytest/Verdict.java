package org.mailjournal.relaytest;

import java.util.List;

/**
 * What a milter said to one command.
 *
 * @param text the whole SMTP reply, where it gave one of its own
 * @param changes the commands by which it changed the message, before its last word
 */
public record Verdict(Word word, String text, List<Character> changes) {
  /** A milter's last words (SMFIR_*), by the letter on the wire. */
  public enum Word {
    CONTINUE('c'),
    ACCEPT('a'),
    DISCARD('d'),
    REJECT('r'),
    TEMPFAIL('t'),
    REPLYCODE('y'),
    SKIP('s'),
    CONN_FAIL('f'),
    /** No reply was to come: negotiated so, or the milter wants no such event. */
    NONE('\0');

    private final char letter;

    Word(char letter) {
      this.letter = letter;
    }

    /** The word of that letter; null for one that is not a last word. */
    static Word of(char letter) {
      for (Word word : values()) {
        if (word.letter == letter && word != NONE) {
          return word;
        }
      }
      return null;
    }
  }

  /** Nothing was asked, so nothing was said. */
  public static final Verdict NONE = new Verdict(Word.NONE, "", List.of());

  public Verdict {
    changes = List.copyOf(changes);
  }

  /** Whether the MTA is to refuse the command. */
  public boolean refuses() {
    return switch (word) {
      case REJECT, TEMPFAIL, REPLYCODE, CONN_FAIL -> true;
      case CONTINUE, ACCEPT, DISCARD, SKIP, NONE -> false;
    };
  }

  /** What Postfix then says to its client. */
  public String smtpReply() {
    return switch (word) {
      case REJECT -> "550 5.7.1 Command rejected";
      case TEMPFAIL, CONN_FAIL -> "451 4.7.1 Service unavailable - try again later";
      case REPLYCODE -> text;
      case CONTINUE, ACCEPT, DISCARD, SKIP, NONE -> "250 2.0.0 Ok";
    };
  }
}
