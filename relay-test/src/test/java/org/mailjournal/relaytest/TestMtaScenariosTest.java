package org.mailjournal.relaytest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The same scenarios on the test MTA, on machines without root or Postfix as well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestMtaScenariosTest
    implements DeliveryScenarios,
        ReplyScenarios,
        AliasScenarios,
        SubmissionScenarios,
        SessionScenarios,
        NotifyScenarios {
  private World world;

  @BeforeAll
  void start() {
    world = TestMtaWorld.start("test-mta");
  }

  @AfterEach
  void theLogAgrees() {
    world.askOracle();
  }

  @AfterAll
  void close() {
    if (world != null) {
      world.close();
    }
  }

  @Override
  public World world() {
    return world;
  }
}
