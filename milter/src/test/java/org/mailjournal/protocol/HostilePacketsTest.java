package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class HostilePacketsTest {
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
    assertEquals(fast.witness().heard(), slow.witness().heard());
  }
}
