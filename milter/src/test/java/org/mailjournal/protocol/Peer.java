package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An MTA without a network, which has negotiated and may say anything now. */
public final class Peer {
  private static final byte[] OFFER =
      MilterClient.packet('O', MilterClient.ints(6, 0x1ff, 0x1fffff));

  private final Witness witness;
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<ByteBuf> fed = new ArrayList<>();

  private Peer(Witness witness, SessionFactory sessions) {
    this.witness = witness;
    MilterServer.Settings settings =
        MilterServer.Settings.of(new Endpoint.Inet("127.0.0.1", 0), 1, Duration.ofSeconds(9));
    new MilterServer(settings, sessions).assemble(channel.pipeline());
    channel.pipeline().fireChannelActive();
    feed(OFFER);
  }

  Peer(Witness witness) {
    this(witness, witness);
  }

  Peer() {
    this(new Witness());
  }

  /** One who talks to these sessions. */
  public static Peer of(SessionFactory sessions) {
    return new Peer(new Witness(), sessions);
  }

  Witness witness() {
    return witness;
  }

  /** Says these octets. */
  public void feed(byte[] bytes) {
    if (channel.isOpen() && bytes.length > 0) {
      ByteBuf buffer = Unpooled.copiedBuffer(bytes);
      fed.add(buffer);
      channel.writeInbound(buffer);
    }
  }

  /** Goes; every buffer must be free then. */
  public void leave() {
    channel.finishAndReleaseAll();
    channel.checkException();
    fed.forEach(buffer -> assertEquals(0, buffer.refCnt()));
  }

  void assertNothingIsLeft() {
    leave();
    assertEquals(witness.count("open"), witness.count("closed"));
    assertEquals(witness.count("mail"), witness.count("eom") + witness.count("abort"));
  }
}
