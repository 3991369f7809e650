package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nightcode.milter.util.Log;

class JmilterLogTest {
  /** As in a process that has not started a server yet: the handlers are jmilter's static state. */
  @BeforeEach
  void printAsJmilterDoes() {
    Log.LoggingHandler printing = new Printing();
    Log.setLoggingHandler(printing, printing, printing, printing, printing);
  }

  @AfterEach
  void silence() {
    JmilterLog.silence();
  }

  @Test
  void aStartedServerLeavesNothingToJmiltersOwnPrinting() {
    MilterServer.Settings loopback =
        MilterServer.Settings.of(new Endpoint.Inet("127.0.0.1", 0), 1, Duration.ofSeconds(1));
    try (MilterServer server = new MilterServer(loopback, new Witness())) {
      server.start();
      for (Log.LoggingHandler handler :
          List.of(Log.debug(), Log.info(), Log.warn(), Log.error(), Log.fatal())) {
        assertInstanceOf(JmilterLog.class, handler);
      }
    }
  }

  @Test
  void aLinesTextIsNotEvenMade() {
    JmilterLog.silence();
    AtomicInteger made = new AtomicInteger();
    Log.warn().log(getClass(), () -> "hex of users' mail " + made.incrementAndGet());
    assertEquals(0, made.get());
  }

  private static final class Printing implements Log.LoggingHandler {
    @Override
    public void log(Class<?> clazz, String message) {}

    @Override
    public void log(Class<?> clazz, String message, Object... params) {}

    @Override
    public void log(Class<?> clazz, String message, Throwable thrown) {}

    @Override
    public void log(Class<?> clazz, Supplier<String> supplier, Throwable thrown) {}
  }
}
