package org.mailjournal.protocol;

import java.util.function.Supplier;
import org.nightcode.milter.util.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jmilter's own log away from standard output. Its lines hold packets in hexadecimal, which
 * is users' mail: of each only the class and the failure's kind are passed on.
 */
final class JmilterLog implements Log.LoggingHandler {
  private static final Logger LOG = LoggerFactory.getLogger("org.nightcode.milter");

  private JmilterLog() {}

  static void silence() {
    Log.LoggingHandler handler = new JmilterLog();
    Log.setLoggingHandler(handler, handler, handler, handler, handler);
  }

  @Override
  public void log(Class<?> clazz, String message) {
    log(clazz, () -> message, null);
  }

  @Override
  public void log(Class<?> clazz, String message, Object... params) {
    log(clazz, () -> message, null);
  }

  @Override
  public void log(Class<?> clazz, String message, Throwable thrown) {
    log(clazz, () -> message, thrown);
  }

  @Override
  public void log(Class<?> clazz, Supplier<String> message, Throwable thrown) {
    LOG.debug(
        "{}: a line is left out, it could hold mail; failure: {}",
        clazz.getSimpleName(),
        thrown == null ? "none" : thrown.getClass().getName());
  }
}
