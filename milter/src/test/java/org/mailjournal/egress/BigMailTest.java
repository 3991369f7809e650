package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BigMailTest {
  @TempDir Path directory;

  @Test
  void aHundredMegabytesPassThroughInBlocks() throws IOException {
    byte[] block =
        ("..line with a stuffed dot, and more of it".repeat(20) + "\r\n")
            .repeat(77)
            .getBytes(StandardCharsets.US_ASCII);
    try (FakeHop hop = FakeHop.start().forgetsContents();
        RelayFixture fixture = new RelayFixture(directory).route("*", hop).start();
        FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1"));
      long sent = 0;
      while (sent < 100_000_000) {
        client.send(block, block.length);
        sent += block.length;
      }
      client.send(".\r\n");
      assertTrue(client.reply().startsWith("250 2.0.0"));
      assertEquals("Q1", fixture.onlyOutcome().message().queueId().text());
    }
  }

  @Test
  void manyPipelinedRecipientsAreAnsweredInOrder() throws IOException {
    try (FakeHop hop = FakeHop.start();
        RelayFixture fixture = new RelayFixture(directory).route("*", hop).start();
        FakeClient client = fixture.client()) {
      StringBuilder commands = new StringBuilder("MAIL FROM:<a@example.org>\r\n");
      List<String> expected = new ArrayList<>();
      expected.add("250 2.1.0 mail-journal: go on");
      for (int i = 0; i < 500; i++) {
        commands.append("RCPT TO:<b").append(i).append("@example.net>\r\n");
        String reply = (i % 2 == 0 ? "250 2.1.5 " : "550 5.1.1 ") + i;
        hop.says("RCPT TO:<b" + i + "@", reply + "\r\n");
        expected.add(reply);
      }
      client.send(commands + "DATA\r\n");
      List<String> replies = new ArrayList<>();
      for (int i = 0; i < expected.size(); i++) {
        replies.add(client.reply());
      }
      assertEquals(expected, replies);
      assertTrue(client.reply().startsWith("354"));
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertTrue(client.reply().startsWith("250"));
      assertEquals(500, fixture.outcomes().size());
    }
  }
}
