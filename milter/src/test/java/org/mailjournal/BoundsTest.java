package org.mailjournal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final String HEAD = "Limit                     Soft Limit   Hard Limit   Units";

  @Test
  void theSoftLimitCounts() {
    List<String> lines =
        List.of(HEAD, "Max open files            1024                 4096                 files");

    assertEquals(OptionalLong.of(1024), Bounds.limit(lines));
  }

  @Test
  void withoutALimitThereIsNone() {
    assertEquals(
        OptionalLong.empty(), Bounds.limit(List.of(HEAD, "Max open files  unlimited  unlimited")));
    assertEquals(OptionalLong.empty(), Bounds.limit(List.of(HEAD)));
  }

  /** A daemon of which one thread dies. */
  static final class Dying {
    private Dying() {}

    /** Its first argument is the thread's name. */
    public static void main(String[] arguments) throws InterruptedException {
      Bounds.endWhenCrippled();
      Thread thread =
          new Thread(
              () -> {
                throw new IllegalStateException("unheard of");
              },
              arguments[0]);
      thread.start();
      thread.join();
    }
  }

  @Test
  void withoutTheThreadThatWritesTheDaemonEndsToBeStartedAgain() throws Exception {
    Process daemon = dying("journal-writer");
    String said = new String(daemon.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(3, daemon.waitFor(), said);
    assertTrue(said.contains("nothing can be recorded any more"), said);
    assertTrue(said.contains("unheard of"), said);
  }

  @Test
  void withoutAnotherThreadItGoesOn() throws Exception {
    Process daemon = dying("retention");
    String said = new String(daemon.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, daemon.waitFor(), said);
    assertTrue(said.contains("retention died"), said);
  }

  private static Process dying(String thread) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Dying.class.getName(),
            thread)
        .redirectErrorStream(true)
        .start();
  }
}
