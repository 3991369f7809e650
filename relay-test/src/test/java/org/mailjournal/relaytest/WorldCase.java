package org.mailjournal.relaytest;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The tests of a class in one world, which ends behind the last of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WorldCase {
  World world;
  private final Deque<AutoCloseable> beside = new ArrayDeque<>();

  /** What stands beside the world, and ends behind it. */
  <T extends AutoCloseable> T beside(T resource) {
    beside.push(resource);
    return resource;
  }

  public World world() {
    return world;
  }

  @AfterAll
  void endTheWorld() throws Exception {
    if (world != null) {
      world.close();
    }
    for (AutoCloseable resource : beside) {
      resource.close();
    }
  }
}
