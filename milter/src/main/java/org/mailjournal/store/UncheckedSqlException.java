package org.mailjournal.store;

import java.sql.SQLException;

/** Carries an {@link SQLException} through an interface that knows no SQL. */
final class UncheckedSqlException extends RuntimeException {
  UncheckedSqlException(SQLException cause) {
    super(cause);
  }

  SQLException sql() {
    return (SQLException) getCause();
  }
}
