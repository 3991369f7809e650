package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class HostilePacketsTest {
  private static final byte[] OFFER =
      MilterClient.packet('O', MilterClient.ints(6, 0x1ff, 0x1fffff));

  @Provide
  Arbitrary<List<byte[]>> packets() {
    Arbitrary<Character> letters =
        Arbitraries.frequencyOf(
            Tuple.of(
                20, Arbitraries.of("MRRTLLNBBEEADDHCKU".chars().mapToObj(c -> (char) c).toList())),
            Tuple.of(1, Arbitraries.chars().range('\0', '\u00ff')));
    Arbitrary<byte[]> contents =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofMaxSize(40),
            Arbitraries.of("<a@b>\0SIZE=1\0", "host\0004\0\0001.2.3.4\0", "Ei\0004A1\0", "")
                .map(MilterClient::octets));
    return Combinators.combine(letters, contents).as(MilterClient::packet).list().ofMaxSize(40);
  }

  @Property(tries = 150, seed = "4711")
  void anyPacketsInAnyOrderLeaveNothingOpen(@ForAll("packets") List<byte[]> packets) {
    Peer peer = new Peer();
    packets.forEach(peer::feed);
    peer.assertNothingIsLeft();
  }

  @Property(tries = 150, seed = "4712")
  void anyBytesLeaveNothingOpen(@ForAll byte[] bytes) {
    Peer peer = new Peer();
    peer.feed(bytes);
    peer.assertNothingIsLeft();
  }

  @Property(tries = 50, seed = "4713")
  void packetsInOnePieceAndByteByByteAreHeardAlike(@ForAll("packets") List<byte[]> packets) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    packets.forEach(all::writeBytes);
    Peer fast = new Peer();
    fast.feed(all.toByteArray());
    Peer slow = new Peer();
    for (byte octet : all.toByteArray()) {
      slow.feed(new byte[] {octet});
    }
    fast.assertNothingIsLeft();
    slow.assertNothingIsLeft();
    assertEquals(fast.witness.heard(), slow.witness.heard());
  }

  private static final class Peer {
    private final Witness witness = new Witness();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<ByteBuf> fed = new ArrayList<>();

    Peer() {
      MilterServer.Settings settings =
          MilterServer.Settings.of(new Endpoint.Inet("127.0.0.1", 0), 1, Duration.ofSeconds(9));
      new MilterServer(settings, witness).assemble(channel.pipeline());
      channel.pipeline().fireChannelActive();
      feed(OFFER);
    }

    void feed(byte[] bytes) {
      if (channel.isOpen() && bytes.length > 0) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes);
        fed.add(buffer);
        channel.writeInbound(buffer);
      }
    }

    void assertNothingIsLeft() {
      channel.finishAndReleaseAll();
      channel.checkException();
      fed.forEach(buffer -> assertEquals(0, buffer.refCnt()));
      assertEquals(witness.count("open"), witness.count("closed"));
      assertEquals(witness.count("mail"), witness.count("eom") + witness.count("abort"));
    }
  }
}
