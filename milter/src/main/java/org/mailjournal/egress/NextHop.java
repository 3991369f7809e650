package org.mailjournal.egress;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Remote;

/** An SMTP or LMTP session with a next hop, behind its greeting, EHLO, TLS and login. */
final class NextHop implements AutoCloseable {
  /** As long as Postfix ({@code smtp_rset_timeout}): another connection is there for the asking. */
  private static final Duration RESET = Duration.ofSeconds(20);

  private final Destination destination;
  private final Target target;
  private final Wire wire;
  private final Terms terms;
  private final Slots slots;
  private boolean hasSlot;
  private boolean resetting;
  private boolean served;
  private boolean closed;

  /**
   * What was agreed upon in front of the first transaction.
   *
   * @param offers the keywords of its last EHLO reply
   * @param tls protocol and cipher
   * @param tlsTrouble why it is spoken to in clear although it offers TLS
   */
  record Terms(Set<String> offers, Optional<String> tls, Optional<String> tlsTrouble) {}

  /** Has no slot until it takes one over. */
  NextHop(Destination destination, Target target, Wire wire, Terms terms, Slots slots) {
    this.destination = destination;
    this.target = target;
    this.wire = wire;
    this.terms = terms;
    this.slots = slots;
  }

  /** From now on it holds a slot, which was taken for it. */
  NextHop inSlot() {
    hasSlot = true;
    return this;
  }

  /** Takes another's slot over, and sends it away. */
  void replace(NextHop other) {
    hasSlot = other.hasSlot;
    other.hasSlot = false;
    other.quit();
  }

  /** The keywords of an EHLO reply, in upper case; {@code AUTH PLAIN} gives {@code AUTH PLAIN}. */
  static Set<String> keywords(Answer ehlo) {
    Set<String> words = new HashSet<>();
    ehlo.text()
        .lines()
        .skip(1)
        .filter(line -> line.length() > 4)
        .map(line -> line.substring(4).strip().toUpperCase(Locale.ROOT).split("[ =]+"))
        .forEach(
            line -> {
              words.add(line[0]);
              for (int i = 1; i < line.length; i++) {
                words.add(line[0] + " " + line[i]);
              }
            });
    return words;
  }

  Destination destination() {
    return destination;
  }

  Target target() {
    return target;
  }

  boolean offers(String keyword) {
    return terms.offers().contains(keyword);
  }

  Remote remote() {
    return target.remote(terms.tls());
  }

  /**
   * What a refusal of MAIL comes to where TLS was tried in vain: it may say no more than that mail
   * is not taken in clear (530, RFC 3207 section 4), and TLS may be had the next time.
   */
  Optional<Answer> insistsOnTls(Answer refusal) {
    return terms
        .tlsTrouble()
        .filter(trouble -> !refusal.isTemporary())
        .map(trouble -> trouble + "; to MAIL in clear it said " + refusal.text().replace('\n', ' '))
        .map(words -> Answer.ours(451, "4.7.5", words));
  }

  String peer() {
    return wire.peer();
  }

  void say(String stage, String command) throws HopException {
    wire.say(stage, command);
  }

  Answer reply(String stage, Duration limit) throws HopException {
    return wire.reply(stage, limit);
  }

  /** A reply that is yes or no. */
  Answer verdict(String stage, Duration limit) throws HopException {
    Answer answer = reply(stage, limit);
    if (!answer.isPositive() && !answer.isFailure()) {
      throw HopException.garbage(stage, peer(), "it said " + answer.text());
    }
    return answer;
  }

  void content(byte[] bytes, int from, int length, Duration limit) throws HopException {
    wire.content("content", bytes, from, length, limit);
  }

  /**
   * Whether it has answered what it was not asked. Its next words would be taken for the answer to
   * the next question: a 250 behind the 354 for a message that it never took.
   */
  boolean speaksUnasked() {
    return wire.hasUnread();
  }

  /** What it says although it should listen, if it says something. */
  Optional<Answer> lastWords() {
    try {
      Answer answer = wire.lastWords("content");
      return answer.isFailure() ? Optional.of(answer) : Optional.empty();
    } catch (HopException nothing) {
      return Optional.empty();
    }
  }

  /** Makes it ready for another transaction. Its reply is read when that begins. */
  void reset() throws HopException {
    wire.say("RSET", "RSET");
    resetting = true;
    served = true;
  }

  /** Whether it can take another transaction: it has agreed to RSET and is still there. */
  boolean isReady(Duration limit) {
    try {
      Duration patience = limit.compareTo(RESET) < 0 ? limit : RESET;
      boolean ready = !closed && resetting && wire.reply("RSET", patience).isPositive();
      resetting = false;
      return ready;
    } catch (HopException gone) {
      return false;
    }
  }

  /** Whether it has done a transaction before. */
  boolean hasServed() {
    return served;
  }

  /** Whether it may be kept for another transaction; if not, somebody waits for its slot. */
  boolean keep() {
    return slots.keep(this);
  }

  /** Whether it is still kept, and from now on in use again. */
  boolean claim() {
    return slots.claim(this);
  }

  /** In the middle of something: it must take nothing of it. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      wire.close();
      if (hasSlot) {
        slots.release(destination);
      }
    }
  }

  /** Politely, and soon: a peer that has died must not hold up who says goodbye. */
  void quit() {
    if (!closed) {
      wire.quit();
      close();
    }
  }
}
