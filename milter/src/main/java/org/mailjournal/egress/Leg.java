package org.mailjournal.egress;

import org.mailjournal.journal.Remote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction with a next hop, and what dooms it: what the next hop says of the sender or of
 * DATA, and every trouble on the way to it. Those words stand for all recipients.
 *
 * <p>A next hop without 8BITMIME gets 8-bit content as it is, without BODY: RFC 6152 section 3
 * would have it converted, which breaks signatures, or refused, which loses mail that arrives in
 * practice. SMTPUTF8 cannot be faked so (RFC 6531 section 3.2): without it the message is refused.
 */
final class Leg {
  private static final Logger LOG = LoggerFactory.getLogger(Leg.class);

  private final Envelope.Mail mail;
  private final Destination destination;
  private final Settings settings;
  private final HopKeeper keeper;
  private NextHop hop;
  private boolean mailUnanswered;
  private Answer doom;
  private Remote remote = Remote.NONE;

  Leg(Envelope.Mail mail, Destination destination, Settings settings, HopKeeper keeper) {
    this.mail = mail;
    this.destination = destination;
    this.settings = settings;
    this.keeper = keeper;
  }

  Destination destination() {
    return destination;
  }

  /** Whose words an answer is: those that doomed it are about the next hop, also when ours. */
  Remote place(Answer answer) {
    return answer.ours() && !answer.equals(doom) ? Remote.NONE : remote;
  }

  /** Connects, and says MAIL. */
  void open() {
    try {
      hop = keeper.take(destination);
      remote = hop.remote();
      if (mail.utf8() && !hop.offers("SMTPUTF8")) {
        doom(Answer.ours(553, "5.6.7", hop.peer() + " does not offer SMTPUTF8"));
        return;
      }
      hop.say("MAIL", mail.command(hop));
      mailUnanswered = true;
      if (!hop.offers("PIPELINING")) {
        listenToMail();
      }
    } catch (HopException failed) {
      doom(failed.answer());
    }
  }

  private void listenToMail() throws HopException {
    if (mailUnanswered) {
      mailUnanswered = false;
      Answer answer = understood("MAIL", hop.reply("MAIL", settings.timeouts().command()));
      if (!answer.isPositive()) {
        doom(answer);
      }
    }
  }

  /** Says RCPT, unless it is doomed. */
  void ask(Rcpt rcpt) {
    if (doom == null) {
      try {
        hop.say("RCPT", "RCPT TO:" + rcpt.path);
        if (!hop.offers("PIPELINING")) {
          listen(rcpt);
        }
      } catch (HopException failed) {
        doom(failed.answer());
      }
    }
  }

  /** Gives it the next hop's answer, unless it is doomed. */
  void listenFor(Rcpt rcpt) {
    if (doom == null) {
      try {
        listen(rcpt);
      } catch (HopException failed) {
        doom(failed.answer());
      }
    }
  }

  private void listen(Rcpt rcpt) throws HopException {
    listenToMail();
    if (doom == null) {
      rcpt.answer = understood("RCPT", hop.reply("RCPT", settings.timeouts().command()));
    }
  }

  private Answer understood(String stage, Answer answer) throws HopException {
    if (!answer.isPositive() && !answer.isFailure()) {
      throw HopException.garbage(stage, hop.peer(), "it said " + answer.text());
    }
    return answer;
  }

  /** Nothing comes of it any more; the next hop must not take what it has of it. */
  void doom(Answer answer) {
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
    try {
      hop.content(block, 0, length, settings.timeouts().block());
    } catch (HopException failed) {
      doom(hop.lastWords().orElse(failed.answer()));
    }
  }

  /** The next answer to the content, or what doomed it. */
  Answer last() {
    if (doom == null) {
      try {
        return understood("end of data", hop.reply("end of data", settings.timeouts().last()));
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
