package org.mailjournal.relaytest;

import org.junit.jupiter.api.BeforeAll;

/** The same scenarios on the test MTA, on machines without root or Postfix as well. */
class TestMtaScenariosTest extends OracleCase
    implements DeliveryScenarios,
        ReplyScenarios,
        AliasScenarios,
        SubmissionScenarios,
        SessionScenarios,
        NotifyScenarios {
  @BeforeAll
  void start() {
    world = TestMtaWorld.start("test-mta");
  }
}
