package org.mailjournal.session;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.journal.Recorder;
import org.mailjournal.protocol.MilterSession;
import org.mailjournal.protocol.SessionFactory;

/** Makes the sessions of one milter, which record into one journal. */
public final class Sessions implements SessionFactory {
  private final Recording recording;
  private final ReceiptPolicy receipts;
  private final Neighbours neighbours;
  private final LongAdder messages = new LongAdder();
  private final LongAdder aborted = new LongAdder();

  /** What the MTA is told when the journal cannot commit. */
  public enum OnFailure {
    /** {@code 451 4.3.0}: the client comes again. */
    TEMPFAIL,
    /** The message is accepted unrecorded; the gap is recorded when that is possible again. */
    ACCEPT
  }

  /**
   * What happened since the start.
   *
   * @param messages came to their end, however they were answered
   * @param aborted began and did not come to their end
   * @param unrecorded came to their end and are not in the journal
   */
  public record Counters(long messages, long aborted, long unrecorded) {}

  /**
   * Sessions of one milter, whose senders get no receipts.
   *
   * @param relays clients besides this machine whose Received fields are believed: addresses and
   *     networks, {@code 192.0.2.0/24}
   */
  public Sessions(Recorder recorder, Clock clock, OnFailure onFailure, List<String> relays) {
    this(recorder, clock, onFailure, relays, ReceiptPolicy.nobody());
  }

  /** With senders who get receipts. */
  public Sessions(
      Recorder recorder,
      Clock clock,
      OnFailure onFailure,
      List<String> relays,
      ReceiptPolicy receipts) {
    this.neighbours = new Neighbours(relays);
    this.recording = new Recording(recorder, clock, onFailure);
    this.receipts = receipts;
  }

  @Override
  public MilterSession open() {
    return new Session(recording, neighbours, receipts, messages, aborted);
  }

  /**
   * Records how many messages were let pass since the last that was recorded, if any were; waits
   * until that is done.
   */
  public void tellGap() {
    recording.tellGap();
  }

  /** The counts at this moment. */
  public Counters counters() {
    return new Counters(messages.sum(), aborted.sum(), recording.unrecorded());
  }
}
