package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.HeaderField;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.protocol.Peer;

/** Octets of an MTA behind its offer, to the events of messages. */
class TransactionFuzzTest {
  private static final Clock CLOCK = Clock.fixed(Milter.NOW, ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(TransactionFuzzTest.class, TransactionFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    List<Event> whole = events(input, input.length);
    List<Event> pieces = events(input, 1);
    assertEquals(whole, pieces);
    for (Event event : whole) {
      if (event instanceof Event.Received received) {
        assertTrue(received.size() <= 2L * input.length + 64, "larger than what came");
        assertTrue(received.accepted().size() <= input.length);
      }
    }
  }

  private static List<Event> events(byte[] input, int piece) {
    MemoryRecorder recorder = new MemoryRecorder();
    Peer peer =
        Peer.of(
            new Sessions(
                recorder,
                CLOCK,
                Sessions.OnFailure.TEMPFAIL,
                List.of("192.0.2.7"),
                new Everybody()));
    for (int at = 0; at < input.length; at += piece) {
      peer.feed(java.util.Arrays.copyOfRange(input, at, Math.min(at + piece, input.length)));
    }
    peer.leave();
    return recorder.events();
  }

  /** Looks at everything and gives to all. */
  private static final class Everybody implements ReceiptPolicy {
    @Override
    public boolean mayGive(Address sender, Optional<String> login, Client client) {
      return true;
    }

    @Override
    public boolean looksAt(String lowerCaseName) {
      return true;
    }

    @Override
    public Optional<String> reason(Event.Received received, List<HeaderField> header) {
      return Optional.of("asked");
    }
  }
}
