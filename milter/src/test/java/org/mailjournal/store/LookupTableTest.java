package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupTableTest {
  private static final String ROWS = "SELECT hash, message FROM lookup ORDER BY hash, message";

  @TempDir Path directory;
  private Sql sql;

  @BeforeEach
  void open() throws SQLException {
    Database database = new Database(Settings.of("jdbc:sqlite:" + directory.resolve("journal.db")));
    database.create();
    sql = database.writer();
    Migrations.run(sql, "journal.db");
  }

  @AfterEach
  void close() throws SQLException {
    sql.close();
  }

  @Test
  void aTableMadeAnewIsTheOneThatGrewAsEventsCame() throws Exception {
    fill(LookupTable.asEventsCome(sql));
    List<String> grown = rows();
    sql.execute("DELETE FROM lookup");
    LookupTable anew = LookupTable.anew(sql, "main", 100);

    fill(anew);
    anew.settle();

    assertEquals(grown, rows());
  }

  @Test
  void whatWaitsIsFoundWithWhatIsThere() throws Exception {
    LookupTable anew = LookupTable.anew(sql, "main", 4);
    // The first four go into the table; of the rest 3 and 7 stand in one bucket.
    for (long message : new long[] {10, 20, 30, 40, 50, 60}) {
      anew.add(3, message);
    }
    anew.add(7, 55);

    assertEquals(List.of(50L, 40L, 30L), anew.newestBefore(3, 60, 3));
    assertEquals(List.of(55L), anew.newestBefore(7, 60, 3));
    assertEquals(List.of(), anew.newestBefore(7, 55, 3));
  }

  /** Of each sign, with some rows twice. */
  private static void fill(LookupTable table) throws SQLException {
    Random random = new Random(1);
    for (int i = 0; i < 1050; i++) {
      int hash = random.nextInt();
      table.add(hash, i);
      table.add(random.nextInt(4) - 2, i / 2);
      table.add(hash, i);
    }
  }

  private List<String> rows() throws SQLException {
    return new ArrayList<>(sql.list(ROWS, row -> row.getInt(1) + " " + row.getLong(2)));
  }
}
