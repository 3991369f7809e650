package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts on a Postfix that runs, with a journal that does not. */
class JournalSwitchTest {
  private static final String NOBODY_LISTENS = "inet:127.0.0.1:" + Loopback.freePort();

  @BeforeEach
  void postfixIsThere() {
    Assumptions.assumeTrue(
        RealPostfix.unavailable().isEmpty(), () -> RealPostfix.unavailable().orElseThrow());
  }

  @Test
  void whileTheJournalIsAwayMailIsDeliveredOnceAndKeptUntilItIsAskedFor() throws IOException {
    try (PlainSink sink = new PlainSink("250 2.0.0 Ok: queued as SINK01");
        RealPostfix postfix =
            new PostfixSetup()
                .route("remote.test", sink.port())
                .main("milter_default_action", "accept")
                .start()) {
      String before = Files.readString(postfix.configDirectory().resolve("master.cf"));
      postfix.enableJournal(NOBODY_LISTENS);
      String id;
      try (SmtpDialogue client = SmtpDialogue.open(postfix.smtp())) {
        id = client.message("games@local.test", "Subject: x\n\nx", "a@remote.test");
      }
      postfix.log().awaitLine(line -> line.contains(id + ": ") && line.contains("(trace failed)"));
      assertEquals(List.of(id), postfix.queue());
      assertTrue(sink.commands().contains("RCPT TO:<a@remote.test>"), sink.commands().toString());

      postfix.disableJournal();
      assertEquals(before, Files.readString(postfix.configDirectory().resolve("master.cf")));
      postfix.runQueue();
      Awaitility.await().until(() -> postfix.queue().isEmpty());
      assertEquals(1, sink.messages().size());
    }
  }

  @Test
  void withoutTheMilterNewMailIsAskedToComeBack() {
    try (RealPostfix postfix = new PostfixSetup().journal(NOBODY_LISTENS).start();
        SmtpDialogue client = SmtpDialogue.open(postfix.smtp())) {
      client.expect(451, "MAIL FROM:<a@b.test>");
    }
  }
}
