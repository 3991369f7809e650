package org.mailjournal.egress;

import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.mailjournal.journal.Remote;

/**
 * One transaction of our client and, while it is open, one with the next hop ({@link Leg}).
 *
 * <p>The destination is known from the first recipient on, so MAIL is answered before the next hop
 * hears of it. What the next hop says of a recipient is passed back at that recipient. Where the
 * transaction is doomed its recipients are taken, and the words are passed back at the end of the
 * content. For the MTA that is the same; for us the content has the queue id under which the
 * trouble must be recorded.
 */
final class Transaction {
  private static final String LEFT = "our client left before it was told, and may try again";

  private final Envelope.Mail mail;
  private final boolean perRecipient;
  private final Settings settings;
  private final HopKeeper keeper;
  private final Chronicle chronicle;
  private final List<Rcpt> recipients = new ArrayList<>();
  private final List<Verdict> told = new ArrayList<>();
  private final HeaderSection header = new HeaderSection();
  private final SecondAttempt attempt;
  private final Instant began;
  private byte[] lastBlock = new byte[0];
  private long size;
  private Leg leg;

  /**
   * @param perRecipient whether our client speaks LMTP: it gets an answer for each recipient
   */
  Transaction(
      Envelope.Mail mail,
      boolean perRecipient,
      Settings settings,
      HopKeeper keeper,
      Chronicle chronicle) {
    this.mail = mail;
    this.perRecipient = perRecipient;
    this.settings = settings;
    this.keeper = keeper;
    this.chronicle = chronicle;
    this.attempt = new SecondAttempt(chronicle.doubts(), mail.path());
    this.began = chronicle.now();
  }

  /** How many RCPT commands wait for {@link #answers}. */
  long unanswered() {
    return recipients.stream().filter(r -> !r.isPassedBack).count();
  }

  /** Whether there are as many recipients as there may be; of those beyond nothing is kept. */
  boolean isFull() {
    return recipients.size() >= settings.limits().recipients();
  }

  /** Takes a RCPT command. Its answer comes with {@link #answers}, so that many can be asked. */
  void recipient(String path) {
    Rcpt rcpt = new Rcpt(path);
    recipients.add(rcpt);
    Destination its = Destination.of(settings.routes(), rcpt.address.domain(), settings.hostName());
    if (leg == null) {
      leg = new Leg(mail, its, settings, keeper);
      leg.open();
    } else if (!leg.destination().equals(its)) {
      // One reply ends the content for all of them, so they must share their fate.
      rcpt.answer = Answer.ours(451, "4.3.0", "one destination at a time, and it is another");
    } else if (its.isLmtp() && !perRecipient) {
      rcpt.answer = Answer.ours(452, "4.5.3", "one mailbox at a time, or come with LHLO");
    }
    // With an answer for each there is none that one who has it could share.
    boolean shares = !its.isLmtp() && !perRecipient;
    rcpt.isHeld = rcpt.answer == null && shares && attempt.holds(path);
    if (rcpt.isHeld) {
      rcpt.answer = later();
    }
    if (rcpt.answer == null) {
      leg.ask(rcpt);
    }
  }

  private static Answer later() {
    return Answer.ours(250, "2.1.5", "the reply follows at the end of data");
  }

  /**
   * The answers that our client waits for, in order; refusals among them are committed.
   *
   * @param clientGone whether our client has left meanwhile
   * @throws EOFException when it has, and so hears of no refusal
   */
  List<Answer> answers(BooleanSupplier clientGone) throws EOFException {
    List<Rcpt> waiting = recipients.stream().filter(r -> !r.isPassedBack).toList();
    if (waiting.stream().anyMatch(rcpt -> rcpt.answer == null)) {
      leg.listen();
    }
    boolean refuses = waiting.stream().anyMatch(r -> r.answer != null && !r.isAccepted());
    if (refuses && clientGone.getAsBoolean()) {
      throw new EOFException("the client left before it was told who is refused");
    }
    waiting.stream().filter(rcpt -> rcpt.answer == null).forEach(rcpt -> rcpt.answer = later());
    record(waiting);
    waiting.forEach(rcpt -> rcpt.isPassedBack = true);
    return waiting.stream().map(rcpt -> rcpt.answer).toList();
  }

  private void record(List<Rcpt> waiting) {
    List<Verdict> refused =
        waiting.stream()
            .filter(rcpt -> !rcpt.isAccepted())
            .map(rcpt -> verdict(rcpt, rcpt.answer))
            .toList();
    if (refused.isEmpty()) {
      return;
    }
    boolean contentFollows = recipients.stream().anyMatch(Rcpt::isAccepted);
    Chronicle.Refused result =
        contentFollows ? Chronicle.Refused.UNCLEAR : chronicle.refused(mail.sender(), refused);
    switch (result) {
      case RECORDED -> {}
      case UNCLEAR -> told.addAll(refused);
      case FAILED ->
          waiting.stream()
              .filter(rcpt -> !rcpt.isAccepted())
              .forEach(rcpt -> rcpt.answer = Answer.journalDown());
    }
  }

  private Verdict verdict(Rcpt rcpt, Answer answer) {
    Remote there = leg == null ? Remote.NONE : leg.place(answer);
    boolean mailbox = leg != null && leg.destination().isLmtp();
    Optional<String> print = Optional.of(rcpt.fingerprint).filter(f -> !f.isEmpty());
    return new Verdict(rcpt.address, answer, there, mailbox, Optional.empty(), print, true);
  }

  /** Whether content may come; all answers must have been given. */
  boolean hasRecipients() {
    return recipients.stream().anyMatch(Rcpt::isAccepted);
  }

  /** Asks the next hop whether it wants the content. A refusal is told at its end. */
  void openContent() {
    if (recipients.stream().filter(Rcpt::isAccepted).allMatch(rcpt -> rcpt.isHeld)) {
      leg.doomHere(
          Answer.ours(451, "4.3.0", "it is not what the recipients have already, come again"));
    }
    leg.openContent();
  }

  /**
   * Passes the content on, block by block, but for the last: without it the next hop does not take
   * the message, and it may have it already.
   *
   * @param pace that our client must keep
   * @throws EOFException when our client leaves in the middle: the next hop gets no end of data, so
   *     it must forget what it has (RFC 5321 section 4.1.1.10)
   */
  void content(ContentReader reader, Pace pace) throws IOException {
    int length;
    while ((length = pace.of(reader)) > 0) {
      header.add(reader.block(), length);
      attempt.add(reader.block(), length);
      if (reader.isBroken()) {
        // Permanent: it would be the same at the next try. Sendmail passes a bare CR on as it came
        // (putbody() in deliver.c, "had a naked carriage return"), and never a bare LF.
        leg.doomHere(Answer.ours(550, "5.6.0", "the message has a bare CR or LF (RFC 5321 2.3.8)"));
      }
      if (reader.hasEnded()) {
        lastBlock = Arrays.copyOf(reader.block(), length);
      } else {
        leg.pass(reader.block(), length);
      }
    }
    size = reader.size();
    if (!reader.hasEnded()) {
      throw new EOFException("the client left in the middle of a message");
    }
  }

  /**
   * The answers to the content: one, or one for each recipient that was accepted.
   *
   * @param clientGone whether our client has left meanwhile
   */
  List<Answer> end(BooleanSupplier clientGone) {
    List<Rcpt> accepted = recipients.stream().filter(Rcpt::isAccepted).toList();
    HeaderSection.Facts facts = header.facts(chronicle.mtaNames());
    if (!leg.destination().isLmtp() && !perRecipient) {
      attempt.end(accepted, facts);
    }
    return switch (attempt.kind()) {
      case WHOLE -> repeat(facts);
      case MIXED -> {
        leg.doomHere(
            Answer.ours(451, "4.3.0", "some recipients have it already, come again for the rest"));
        attempt.holdFromNowOn(accepted);
        yield finish(accepted, facts, clientGone);
      }
      case NEW, REST -> finish(accepted, facts, clientGone);
    };
  }

  /** Nothing is new in it: the same answer, and no second copy. */
  private List<Answer> repeat(HeaderSection.Facts facts) {
    leg.abandon();
    if (!told.isEmpty()) {
      chronicle.end(facts, mail.sender(), size, told, List.of());
      told.clear();
    }
    chronicle.repeated(attempt.taken());
    return List.of(Answer.recorded(attempt.taken().get(0).reply().orElseThrow()));
  }

  private List<Answer> finish(
      List<Rcpt> accepted, HeaderSection.Facts facts, BooleanSupplier clientGone) {
    if (leg.destination().isLmtp() && clientGone.getAsBoolean()) {
      // It will bring it again, and a mailbox would have it twice: what an SMTP server took is
      // known.
      leg.doomHere(Answer.ours(451, "4.4.2", "the message was not sent on"));
    }
    leg.passLast(lastBlock);
    List<Verdict> verdicts = new ArrayList<>();
    Answer one = leg.destination().isLmtp() ? null : leg.last();
    for (Rcpt rcpt : accepted) {
      verdicts.add(verdict(rcpt, one == null ? leg.last() : one));
    }
    if (clientGone.getAsBoolean()) {
      verdicts.replaceAll(v -> v.answer().isPositive() ? v.withNote(LEFT) : v.unheard(LEFT));
    }
    boolean committed = chronicle.end(facts, mail.sender(), size, told, fresh(accepted, verdicts));
    told.clear();
    leg.end();
    List<Answer> answers =
        verdicts.stream()
            .map(Verdict::answer)
            .map(a -> committed || a.isPositive() ? a : Answer.journalDown())
            .toList();
    return perRecipient ? answers : answers.subList(0, 1);
  }

  /** Those who had it are not in it when it is taken: what made them so is recorded already. */
  private List<Verdict> fresh(List<Rcpt> accepted, List<Verdict> verdicts) {
    if (attempt.kind() != SecondAttempt.Kind.REST || !verdicts.get(0).answer().isPositive()) {
      return verdicts;
    }
    chronicle.repeated(attempt.taken());
    List<Verdict> fresh = new ArrayList<>();
    for (int i = 0; i < accepted.size(); i++) {
      if (!accepted.get(i).isHeld) {
        fresh.add(verdicts.get(i));
      }
    }
    return fresh;
  }

  /** What it brought to each recipient, when it has ended. */
  List<String> fingerprints() {
    return attempt.fingerprints();
  }

  /** Whatever happened to it, it holds no connection and no turn from now on. */
  void release() {
    if (leg != null) {
      leg.abandon();
    }
  }

  /** The client wants no more of it. */
  void abandon() {
    release();
    if (!told.isEmpty()) {
      chronicle.abandoned(mail.sender(), List.copyOf(told));
      told.clear();
    }
  }

  /**
   * The client is gone in front of its end of data, so the next hop has none either. To the MTA
   * that is an attempt which came to nothing, for all recipients that it did not hear refused.
   */
  void left() {
    if (leg == null) {
      return;
    }
    leg.doomHere(Answer.ours(451, "4.4.2", "not all of the message had come"));
    List<Verdict> unheard =
        recipients.stream()
            .filter(rcpt -> !rcpt.isHeld && (!rcpt.isPassedBack || rcpt.isAccepted()))
            .map(rcpt -> verdict(rcpt, refusal(rcpt)).unheard(LEFT))
            .toList();
    chronicle.left(header.facts(chronicle.mtaNames()), mail.sender(), began, told, unheard);
    told.clear();
  }

  /** Its own, or what dooms all. */
  private Answer refusal(Rcpt rcpt) {
    return rcpt.answer == null || rcpt.isAccepted() ? leg.last() : rcpt.answer;
  }
}
