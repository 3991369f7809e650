package org.mailjournal.protocol;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MisbehaviourTest {
  private MilterServer server;

  private Endpoint start(Witness witness, int connections, Duration idle) {
    Endpoint.Inet loopback = new Endpoint.Inet("127.0.0.1", 0);
    server = new MilterServer(MilterServer.Settings.of(loopback, connections, idle), witness);
    return server.start();
  }

  private Endpoint start(Witness witness) {
    return start(witness, 100, Duration.ofSeconds(60));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aLengthBeyondTheLimitClosesAtOnce() {
    try (MilterClient mta = MilterClient.negotiated(start(new Witness()))) {
      mta.raw(MilterClient.ints(0x7fffffff)).raw(new byte[] {'B'});
      assertTrue(mta.isClosedByServer());
    }
  }

  @Test
  void aPacketOfOneMebibyteIsReadAndALongerOneIsNot() {
    Witness witness = new Witness();
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      mta.send('M', "<a@b>\0").send('B', new byte[1 << 20]);
      await().until(() -> witness.count("body 1048576") == 1);
      mta.raw(MilterClient.ints(1_100_000));
      assertTrue(mta.isClosedByServer());
    }
  }

  @Test
  void anEmptyPacketCloses() {
    try (MilterClient mta = MilterClient.negotiated(start(new Witness()))) {
      mta.raw(MilterClient.ints(0));
      assertTrue(mta.isClosedByServer());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "H", "M", "R", "T", "L", "N", "B", "E", "D", "A", "K", "U"})
  void anythingInFrontOfTheNegotiationClosesUnheard(String letter) {
    Witness witness = new Witness();
    try (MilterClient mta = MilterClient.connect(start(witness))) {
      mta.send(letter.charAt(0), "x\0004xx1.2.3.4\0");
      assertTrue(mta.isClosedByServer());
    }
    assertEquals(List.of(), witness.heard());
  }

  @ParameterizedTest
  @ValueSource(strings = {"R", "T", "L", "N", "B", "E", "O", "Z", "z"})
  void whatHasNoBusinessBetweenMessagesCloses(String letter) {
    Witness witness = new Witness();
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      mta.send(letter.charAt(0), "<a@b>\0\0\0\0\0\0\0\0\0\0");
      assertTrue(mta.isClosedByServer());
    }
    await().untilAsserted(() -> assertEquals(List.of("open", "closed"), witness.heard()));
  }

  @Test
  void aRecipientBehindTheHeaderSectionCloses() {
    Witness witness = new Witness();
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      mta.send('M', "<a@b>\0").send('L', "A\0b\0").send('R', "<late@b>\0");
      assertTrue(mta.isClosedByServer());
    }
    await().until(() -> witness.count("closed") == 1);
    assertEquals(1, witness.count("abort"));
    assertEquals(0, witness.count("rcpt"));
  }

  @Test
  void aSilentConnectionIsClosed() {
    Witness witness = new Witness();
    try (MilterClient mta = MilterClient.negotiated(start(witness, 100, Duration.ofSeconds(2)))) {
      mta.send('M', "<a@b>\0");
      assertTrue(mta.isClosedByServer());
    }
    await().until(() -> witness.count("closed") == 1);
    assertEquals(1, witness.count("abort"));
  }

  @Test
  void aConnectionThatWaitsForOurReplyIsNotIdle() {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Witness witness = new Witness(() -> reply);
    try (MilterClient mta = MilterClient.negotiated(start(witness, 100, Duration.ofSeconds(2)))) {
      mta.send('M', "<a@b>\0").send('E', "");
      await().until(() -> witness.count("eom") == 1);
      try (MilterClient other = MilterClient.connect(endpoint())) {
        assertTrue(other.isClosedByServer());
      }
      reply.complete(new Reply.Continue());
      assertEquals('c', mta.read().letter());
    }
  }

  private Endpoint endpoint() {
    return server.endpoint();
  }

  @Test
  void nothingIsReadBehindAnEndOfMessageUntilItsReplyIsThere() {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Witness witness = new Witness(() -> reply);
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      mta.send('M', "<a@b>\0").send('E', "").send('M', "<next@b>\0").send('A', "");
      await().until(() -> witness.count("eom") == 1);
      await().during(Duration.ofMillis(100)).until(() -> witness.count("mail <next@b>") == 0);
      reply.complete(new Reply.TemporaryFailure());
      assertEquals('t', mta.read().letter());
      await().until(() -> witness.count("mail <next@b>") == 1);
    }
  }

  @Test
  void manyMessagesSentAheadAreAllAnswered() {
    int messages = 8_000;
    Witness witness = new Witness();
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      byte[] mail = MilterClient.packet('M', MilterClient.octets("<a@b>\0"));
      byte[] end = MilterClient.packet('E', new byte[0]);
      byte[] one = new byte[mail.length + end.length];
      System.arraycopy(mail, 0, one, 0, mail.length);
      System.arraycopy(end, 0, one, mail.length, end.length);
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                byte[] all = new byte[one.length * messages];
                for (int i = 0; i < messages; i++) {
                  System.arraycopy(one, 0, all, i * one.length, one.length);
                }
                mta.raw(all);
              });
      for (int i = 0; i < messages; i++) {
        assertEquals('c', mta.read().letter());
      }
      writer.join();
    }
  }

  @Test
  void aSessionThatThrowsAtTheEndIsATemporaryFailure() {
    Witness witness =
        new Witness(
            () -> {
              throw new IllegalStateException("a defect of ours");
            });
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      assertEquals('y', mta.send('M', "<a@b>\0").send('E', "").read().letter());
      assertEquals('y', mta.send('M', "<c@d>\0").send('E', "").read().letter());
    }
  }

  @Test
  void aReplyThatFailsIsATemporaryFailure() {
    Witness witness =
        new Witness(() -> CompletableFuture.failedFuture(new IllegalStateException("disk full")));
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      MilterClient.Packet answer = mta.send('M', "<a@b>\0").send('E', "").read();
      assertEquals('y', answer.letter());
      assertTrue(answer.content().startsWith("451 4.3.0 "));
      assertTrue(answer.content().endsWith("\0"));
    }
  }

  @Test
  void aReplyForAConnectionThatIsGoneIsDropped() {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Witness witness = new Witness(() -> reply);
    try (MilterClient mta = MilterClient.negotiated(start(witness))) {
      mta.send('M', "<a@b>\0").send('E', "");
      await().until(() -> witness.count("eom") == 1);
    }
    reply.complete(new Reply.Continue());
    await().until(() -> server.connections() == 0);
    assertEquals(0, witness.count("abort"));
  }

  @Test
  void connectionsBeyondTheLimitWaitUntilOneEnds() {
    Witness witness = new Witness();
    Endpoint at = start(witness, 2, Duration.ofSeconds(60));
    try (MilterClient first = MilterClient.negotiated(at);
        MilterClient second = MilterClient.negotiated(at);
        MilterClient third = MilterClient.connect(at)) {
      third.send('O', MilterClient.ints(6, 0x1ff, 0x1fffff));
      await().during(Duration.ofMillis(100)).until(() -> witness.count("open") == 2);
      first.send('Q', "");
      assertEquals('O', third.read().letter());
      assertEquals('c', second.send('M', "<a@b>\0").send('E', "").read().letter());
    }
  }
}
