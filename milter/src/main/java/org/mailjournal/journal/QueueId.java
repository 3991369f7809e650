package org.mailjournal.journal;

/**
 * An MTA's name for one message in its queue: {@code 51E02514002} or {@code 4fK2Qm1Xz3zJ} on
 * Postfix (short and long ids), {@code 6AO7TXQK016468} on sendmail. Case counts in Postfix's long
 * ids.
 */
public record QueueId(String text) {
  private static final int LONGEST = 64;

  public QueueId {
    if (!isValid(text)) {
      throw new IllegalArgumentException(
          "queue id: expected 1 to " + LONGEST + " letters, digits or -_. , got '" + text + "'");
    }
  }

  /** Whether the text can be a queue id, and so a file name: letters, digits, and -_. inside. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > LONGEST || text.charAt(0) == '.') {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isAllowed(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || c == '-'
        || c == '_'
        || c == '.';
  }

  @Override
  public String toString() {
    return text;
  }
}
