package org.mailjournal.egress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * MAIL and RCPT with one next hop. Its answers stay here until {@link #settle}: as long as our
 * client knows none of them, another next hop may be asked instead.
 */
final class Approach {
  private final Envelope.Mail mail;
  private final NextHop hop;
  private Supplier<Duration> patience;
  private final List<Rcpt> asked = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private boolean mailUnanswered;
  private Answer refusal;

  private Approach(Envelope.Mail mail, NextHop hop, Supplier<Duration> patience) {
    this.mail = mail;
    this.hop = hop;
    this.patience = patience;
  }

  /**
   * Says MAIL.
   *
   * @param patience for each answer
   */
  static Approach begin(Envelope.Mail mail, NextHop hop, Supplier<Duration> patience) {
    Approach approach = new Approach(mail, hop, patience);
    if (mail.utf8() && !isAscii(mail.path()) && !hop.offers("SMTPUTF8")) {
      approach.refusal = needsUtf8(hop, "the sender's address");
    }
    approach.unlessRefused(
        () -> {
          hop.say("MAIL", mail.command(hop));
          approach.mailUnanswered = true;
        });
    return approach;
  }

  /** The same with another next hop, and all that it says to it. */
  Approach again(NextHop other, Supplier<Duration> itsPatience) {
    Approach next = begin(mail, other, itsPatience);
    asked.forEach(next::ask);
    next.listen();
    return next;
  }

  /** RFC 6531 section 3.5; nothing makes ASCII of an address. */
  static Answer needsUtf8(NextHop hop, String what) {
    return Answer.ours(
        553, "5.6.7", hop.peer() + " does not offer SMTPUTF8, and " + what + " needs it");
  }

  private static boolean isAscii(String path) {
    return path.chars().allMatch(c -> c < 0x80);
  }

  NextHop hop() {
    return hop;
  }

  /** Says RCPT. */
  void ask(Rcpt rcpt) {
    asked.add(rcpt);
    if (refusal == null && mail.utf8() && !isAscii(rcpt.path) && !hop.offers("SMTPUTF8")) {
      refusal = needsUtf8(hop, "a recipient's address");
    }
    unlessRefused(() -> hop.say("RCPT", "RCPT TO:" + rcpt.path));
  }

  private interface Step {
    void run() throws HopException;
  }

  /** Without PIPELINING one waits for each answer (RFC 2920). */
  private void unlessRefused(Step step) {
    if (refusal != null) {
      return;
    }
    try {
      step.run();
      if (!hop.offers("PIPELINING")) {
        hear();
      }
    } catch (HopException lost) {
      refusal = lost.answer();
    }
  }

  /** Reads the answers that are still to come. */
  void listen() {
    if (refusal == null) {
      try {
        hear();
      } catch (HopException lost) {
        refusal = lost.answer();
      }
    }
  }

  private void hear() throws HopException {
    if (mailUnanswered) {
      mailUnanswered = false;
      Answer answer = hop.verdict("MAIL", patience.get());
      if (!answer.isPositive()) {
        refusal = hop.insistsOnTls(answer).orElse(answer);
      }
    }
    while (refusal == null && answers.size() < asked.size()) {
      answers.add(hop.verdict("RCPT", patience.get()));
    }
  }

  /** What stands for all recipients that have no answer; null as long as there is nothing. */
  Answer refusal() {
    return refusal;
  }

  /** What it said last, in words. */
  String words() {
    return (refusal == null ? answers.get(answers.size() - 1) : refusal).text();
  }

  /** Whether all that it came to, so far, is to come again. */
  boolean isPutOff() {
    return answers.stream().allMatch(Answer::isTemporary)
        && (refusal == null ? !answers.isEmpty() : refusal.isTemporary());
  }

  /** Whether it has ended the session, or the session has ended by itself. */
  boolean isOver() {
    return refusal == null
        ? answers.stream().anyMatch(Approach::isFarewell)
        : refusal.ours() || isFarewell(refusal);
  }

  /** RFC 5321 section 3.8. */
  private static boolean isFarewell(Answer answer) {
    return answer.code() == 421;
  }

  /**
   * Gives the recipients the answers that there are.
   *
   * @param forOthers how long to wait for each answer from now on
   */
  void settle(Supplier<Duration> forOthers) {
    patience = forOthers;
    for (int i = 0; i < answers.size(); i++) {
      asked.get(i).answer = answers.get(i);
    }
    answers.clear();
    asked.clear();
  }
}
