package org.mailjournal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A connection with its statements, each prepared once. Results are lists: whoever may find much
 * asks page by page, so that no cursor stays open while the next question is asked.
 */
final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /**
   * Takes transactions out of the driver's hands: with its autocommit on, it tries a BEGIN of its
   * own behind each statement, which costs as much as the statement. SQLite itself commits each
   * statement that stands outside of BEGIN and COMMIT.
   */
  static Sql on(Connection connection) throws SQLException {
    try {
      connection.setAutoCommit(false);
      Sql sql = new Sql(connection);
      sql.execute("COMMIT");
      return sql;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Sql(Connection connection) {
    this.connection = connection;
  }

  /** One row to a value. */
  interface Row<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Something without values that is done again and again. */
  void run(String sql) throws SQLException {
    bound(sql).execute();
  }

  /** Something that is done once. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  int update(String sql, Object... values) throws SQLException {
    return bound(sql, values).executeUpdate();
  }

  <T> List<T> list(String sql, Row<T> row, Object... values) throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = bound(sql, values).executeQuery()) {
      while (rows.next()) {
        found.add(row.map(rows));
      }
    }
    return found;
  }

  List<Long> numbers(String sql, Object... values) throws SQLException {
    return list(sql, row -> row.getLong(1), values);
  }

  /** The first column of the first row; empty when there is no row or it is NULL. */
  OptionalLong number(String sql, Object... values) throws SQLException {
    try (ResultSet rows = bound(sql, values).executeQuery()) {
      if (!rows.next()) {
        return OptionalLong.empty();
      }
      long value = rows.getLong(1);
      return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }

  private PreparedStatement bound(String sql, Object... values) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else if (value instanceof Long number) {
        statement.setLong(i + 1, number);
      } else if (value instanceof Integer number) {
        statement.setInt(i + 1, number);
      } else {
        statement.setObject(i + 1, value);
      }
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
    connection.close();
  }
}
