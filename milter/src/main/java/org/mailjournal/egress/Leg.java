package org.mailjournal.egress;

import java.time.Duration;
import java.util.Optional;
import org.mailjournal.journal.Remote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction with a next hop ({@link Approach}), and what dooms it: what the next hop says of
 * the sender or of DATA, and every trouble on the way to it. Those words stand for all recipients.
 *
 * <p>A next hop without 8BITMIME gets 8-bit content as it is, without BODY: RFC 6152 section 3
 * would have it converted, which breaks signatures, or refused, which loses mail that arrives in
 * practice. SMTPUTF8 cannot be faked so (RFC 6531 section 3.2): without it a message is refused
 * whose envelope or header section needs it. That its client said so shows nothing: Postfix does
 * wherever its own client did.
 */
final class Leg {
  private static final Logger LOG = LoggerFactory.getLogger(Leg.class);

  private final Envelope.Mail mail;
  private final Destination destination;
  private final Settings settings;
  private final HopKeeper keeper;
  private final Journey journey;
  private final EightBitHeader header = new EightBitHeader();
  private Approach approach;
  private NextHop hop;
  private boolean settled;
  private Answer doom;
  private boolean doomedHere;
  private Remote remote = Remote.NONE;

  Leg(Envelope.Mail mail, Destination destination, Settings settings, HopKeeper keeper) {
    this.mail = mail;
    this.destination = destination;
    this.settings = settings;
    this.keeper = keeper;
    // Twice what one place may take to greet: Postfix waits five minutes for us at RCPT.
    this.journey = new Journey(settings.timeouts().next().multipliedBy(2));
  }

  Destination destination() {
    return destination;
  }

  /** Whom an answer is about: what doomed it there is about the next hop, also when ours. */
  Remote place(Answer answer) {
    boolean theirs = !answer.ours() || (answer.equals(doom) && !doomedHere);
    return theirs ? remote : Remote.NONE;
  }

  /** Connects, and says MAIL. */
  void open() {
    try {
      NextHop hop = keeper.take(destination, journey);
      use(Approach.begin(mail, hop, settings.timeouts()::command));
    } catch (HopException failed) {
      unreached(failed);
    }
  }

  private void use(Approach one) {
    approach = one;
    hop = one.hop();
    remote = hop.remote();
  }

  /** Says RCPT, unless it is doomed. */
  void ask(Rcpt rcpt) {
    if (doom == null) {
      approach.ask(rcpt);
    }
  }

  /** Gives those that were asked for the next hop's answers, unless it is doomed. */
  void listen() {
    if (doom != null) {
      return;
    }
    approach.listen();
    if (!settled) {
      lookFurther();
      settled = true;
    }
    if (doom == null) {
      approach.settle(settings.timeouts()::command);
      if (approach.refusal() != null) {
        doom(approach.refusal());
      }
    }
  }

  /**
   * As long as our client knows no answer, another exchanger may do better than one that puts the
   * mail off (RFC 5321 section 5.1). It is left only for one that does: what it said of the
   * recipients stands else, and those that come later may be welcome there. Of exchangers that
   * refuse MAIL the last one's words stand, as with the MTA.
   *
   * <p>A session that was kept may have had its time, or its number of messages: that says nothing
   * of the next one with the same host.
   */
  private void lookFurther() {
    boolean more = true;
    while (more && approach.isPutOff() && journey.hasTime()) {
      if (!hop.hasServed() || !approach.isOver()) {
        journey.heard(hop.target());
      }
      try {
        Optional<NextHop> other = keeper.instead(destination, journey);
        other.ifPresent(this::compare);
        more = other.isPresent();
      } catch (HopException nobody) {
        more = false;
        if (approach.refusal() != null) {
          unreached(nobody);
        }
      }
    }
  }

  private void compare(NextHop other) {
    LOG.info(
        "egress: <{}> to {}: {} put it off: {}; {} is asked",
        mail.sender(),
        destination,
        hop.peer(),
        approach.words(),
        other.peer());
    journey.heard(other.target());
    if (mail.utf8() && hop.offers("SMTPUTF8") && !other.offers("SMTPUTF8")) {
      // Our refusal would be final, where the one that put it off may take it later.
      other.quit();
      return;
    }
    Duration usual = settings.timeouts().brief(settings.timeouts().command());
    Approach next = approach.again(other, () -> journey.within(usual));
    if (approach.refusal() != null || approach.isOver() || !next.isPutOff()) {
      other.replace(hop);
      use(next);
    } else {
      LOG.info("egress: {} did, too: {}", other.peer(), next.words());
      other.quit();
    }
  }

  private void unreached(HopException failed) {
    remote = failed.speaker();
    doom(failed.answer());
  }

  /** It comes to nothing for a reason that is not the next hop's. */
  void doomHere(Answer answer) {
    doomedHere |= doom == null;
    doom(answer);
  }

  /** Nothing comes of it any more; the next hop must not take what it has of it. */
  private void doom(Answer answer) {
    if (doom == null) {
      LOG.info("egress: <{}> to {}: {}", mail.sender(), destination, answer.text());
      doom = answer;
    }
    abandon();
  }

  /** Asks the next hop whether it wants the content. A refusal is told at its end. */
  void openContent() {
    if (doom != null) {
      return;
    }
    try {
      hop.say("DATA", "DATA");
      Answer answer = hop.reply("DATA", settings.timeouts().data());
      if (answer.code() != 354) {
        doom(
            answer.isFailure()
                ? answer
                : HopException.garbage("DATA", hop.peer(), "it said " + answer.text()).answer());
      } else if (hop.speaksUnasked()) {
        throw HopException.garbage("DATA", hop.peer(), "it said more than it was asked");
      }
    } catch (HopException failed) {
      doom(failed.answer());
    }
  }

  /** Passes octets of the content on, unless it is doomed. */
  void pass(byte[] block, int length) {
    if (doom != null) {
      return;
    }
    if (mail.utf8() && !hop.offers("SMTPUTF8") && header.isFoundIn(block, length)) {
      doom(Approach.needsUtf8(hop, "the header section"));
      return;
    }
    try {
      hop.content(block, 0, length, settings.timeouts().block());
    } catch (HopException failed) {
      doom(hop.lastWords().orElse(failed.answer()));
    }
  }

  /**
   * Passes on the last octets of the content. What has been said by then is no answer to the whole
   * of it, unless it is a refusal.
   */
  void passLast(byte[] block) {
    if (doom == null && hop.speaksUnasked()) {
      doom(
          hop.lastWords()
              .orElseGet(
                  () ->
                      HopException.garbage("content", hop.peer(), "it answered before the end")
                          .answer()));
    }
    pass(block, block.length);
  }

  /** The next answer to the content, or what doomed it. */
  Answer last() {
    if (doom == null) {
      try {
        return hop.verdict("end of data", settings.timeouts().last());
      } catch (HopException failed) {
        doom(failed.answer());
      }
    }
    return doom;
  }

  /** It has ended well: the connection may serve another. */
  void end() {
    if (hop != null && !hop.speaksUnasked()) {
      keeper.give(hop);
      hop = null;
    }
    abandon();
  }

  /** The next hop forgets what it has of it. */
  void abandon() {
    if (hop != null) {
      hop.close();
      hop = null;
    }
  }
}
