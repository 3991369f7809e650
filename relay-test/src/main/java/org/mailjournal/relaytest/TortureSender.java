package org.mailjournal.relaytest;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that hands in one letter after the other and comes again with each until it is taken, as
 * RFC 5321 section 4.5.4.1 asks. Now and then it goes away in the middle.
 */
final class TortureSender implements Runnable {
  private static final int MOST_TRIES = 2000;

  /** A letter that the MTA took, with its word for it. */
  record Accepted(Sent sent, Instant at) {
    Letter letter() {
      return sent.letter();
    }

    String queueId() {
      return sent.queueId().orElse("");
    }
  }

  /** What the clients saw. */
  static final class Notes {
    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();

    /** What no client should see. */
    List<String> problems() {
      return List.copyOf(problems);
    }

    List<Accepted> accepted() {
      return List.copyOf(accepted);
    }

    int count() {
      return accepted.size();
    }

    /** How often a client was told to come again. */
    int refused() {
      return refused.get();
    }

    /** How often a connection ended before the last reply. */
    int lost() {
      return lost.get();
    }
  }

  private final TortureWorld world;
  private final TortureMail mail;
  private final Notes notes;
  private final CountDownLatch over;
  private final Random random;

  TortureSender(
      TortureWorld world, TortureMail mail, Notes notes, CountDownLatch over, Random random) {
    this.world = world;
    this.mail = mail;
    this.notes = notes;
    this.over = over;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      while (!over.await(random.nextInt(120), TimeUnit.MILLISECONDS)) {
        deliver(mail.next());
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      notes.problems.add("a sender ended: " + broken);
    }
  }

  private void deliver(Letter letter) throws InterruptedException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      if (attempt(letter)) {
        return;
      }
      // Not the latch: a letter that was begun is handed in, whatever happens meanwhile.
      TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(200));
    }
    throw new IllegalStateException("nobody takes " + letter);
  }

  /** Whether there is nothing more to do about it. */
  private boolean attempt(Letter letter) {
    try (SmtpClient client = SmtpClient.connect(world.mta().smtp())) {
      client.ehlo("client.letters.test");
      if (random.nextInt(25) == 0) {
        goAway(client, letter);
        return false;
      }
      Sent sent = Sent.over(client, letter);
      if (sent.isAccepted()) {
        notes.accepted.add(new Accepted(sent, Instant.now()));
        return true;
      }
      notes.refused.incrementAndGet();
      return isRefusedForGood(sent);
    } catch (UncheckedIOException connectionLost) {
      notes.lost.incrementAndGet();
      return false;
    }
  }

  private boolean isRefusedForGood(Sent sent) {
    // Where nobody is taken the end is the last one's reply, and another may be told to come again.
    boolean mayCome = sent.recipients().stream().anyMatch(reply -> reply.code() < 500);
    boolean isTaken = sent.recipients().stream().anyMatch(SmtpReply::isPositive);
    boolean forGood = sent.end().code() >= 500 && (isTaken || !mayCome);
    if (forGood && !sent.letter().recipients().stream().allMatch(TortureMail::isUnknown)) {
      notes.problems.add(
          "refused: " + sent.end() + " to a letter for " + sent.letter().recipients());
    }
    return forGood;
  }

  private void goAway(SmtpClient client, Letter letter) {
    client.mail(letter.sender());
    client.rcpt(letter.recipients().get(0).address());
    if (random.nextBoolean() && client.command("DATA").code() == 354) {
      client.content(out -> out.write(letter.octets()));
    }
    client.abort();
  }
}
