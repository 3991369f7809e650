package org.mailjournal.store;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The table of words, with the recent ones at hand. */
final class StoredWords implements Words {
  private static final int AT_HAND = 4096;

  private final Sql sql;
  private final Recent<String, Long> numbers = new Recent<>(AT_HAND);
  private final Recent<Long, String> texts = new Recent<>(AT_HAND);

  StoredWords(Sql sql) {
    this.sql = sql;
  }

  @Override
  public long number(String text) {
    Long known = numbers.get(text);
    if (known != null) {
      return known;
    }
    try {
      OptionalLong found = sql.number("SELECT number FROM word WHERE text = ?", text);
      if (found.isEmpty()) {
        sql.update("INSERT INTO word (text) VALUES (?)", text);
        found = sql.number("SELECT last_insert_rowid()");
      } else {
        requireNamed(text, found.getAsLong());
      }
      numbers.put(text, found.orElseThrow());
      return found.orElseThrow();
    } catch (SQLException e) {
      throw new UncheckedSqlException(e);
    }
  }

  /** An index that is damaged would give this event a word that its checksum does not cover. */
  private void requireNamed(String text, long number) {
    if (!text(number).equals(text)) {
      throw new MalformedBody("word " + number + " is another than its index says");
    }
  }

  @Override
  public String text(long number) {
    String known = texts.get(number);
    if (known != null) {
      return known;
    }
    try {
      List<String> found =
          sql.list("SELECT text FROM word WHERE number = ?", row -> row.getString(1), number);
      if (found.isEmpty()) {
        throw new MalformedBody("word " + number + " was never given");
      }
      texts.put(number, found.get(0));
      return found.get(0);
    } catch (SQLException e) {
      throw new UncheckedSqlException(e);
    }
  }

  /** After a rollback: numbers that were given in it are free again. */
  void forget() {
    numbers.clear();
    texts.clear();
  }
}
