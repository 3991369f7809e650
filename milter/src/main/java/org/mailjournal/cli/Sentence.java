package org.mailjournal.cli;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** One sentence of a recipient: what is known, and what is not. */
final class Sentence {
  private static final Pattern EXPIRED =
      Pattern.compile(" \\(expired(?:, returned to sender)?\\)$");

  private final Times times;

  Sentence(Times times) {
    this.times = times;
  }

  /**
   * The sentence.
   *
   * @param seen the moment that stands above it; times of the same day go without their date
   */
  String of(RecipientState state, Instant seen) {
    String at = times.beside(seen, state.at());
    return switch (state.status()) {
      case REJECTED -> rejected(state, at);
      case QUEUED -> queued(state, at);
      case DELAYED -> delayed(state, at);
      case RELAYED, DELIVERED -> done(state, at);
      case EXPANDED -> "replaced by its targets at " + at + words(state);
      case FAILED -> "given up: " + said(state, at);
      case UNREPORTED -> unreported(state, at);
    };
  }

  /** Who was refused with a 4yz comes again, with a new message (RFC 5321 section 4.2.1). */
  private static String rejected(RecipientState state, String at) {
    String refused = " in the dialogue at " + at + codedWords(state);
    return state.isRefusedForNow()
        ? "refused for now"
            + refused
            + "; the MTA did not take it then; if the client came again, that is another message"
        : "refused" + refused + "; the MTA never took it";
  }

  private String queued(RecipientState state, String at) {
    return "taken into the queue at "
        + at
        + "; "
        + (state.isSilent(times.now())
            ? "nothing was heard of it since; " + whomToAsk(state)
            : "nothing more is known yet");
  }

  private String delayed(RecipientState state, String at) {
    if (state.isSilent(times.now())) {
      String news = "; " + attempts(state, ", and ") + "nothing was heard since; ";
      return "no end known: " + said(state, at) + news + whomToAsk(state);
    }
    return "not yet: " + said(state, at) + "; the MTA keeps trying" + soFar(state) + untold(state);
  }

  private static String whomToAsk(RecipientState state) {
    return "mailq tells whether the MTA still has it" + untold(state);
  }

  /** Postfix with the pass tap tells us when it gives up. */
  private static String untold(RecipientState state) {
    return state.source() == Source.PASS ? "" : " (a sendmail that gave it up does not tell us)";
  }

  private static String soFar(RecipientState state) {
    return state.attempts() == 0 ? "" : ", " + attempts(state, " so far");
  }

  /** None where Postfix put it off at once, since others had trouble at the same place. */
  private static String attempts(RecipientState state, String more) {
    return state.attempts() == 0 ? "" : Words.count(state.attempts(), "attempt") + more;
  }

  private static String done(RecipientState state, String at) {
    return switch (state.ending().orElseThrow()) {
      case MAIL_SYSTEM -> "accepted by " + far(state.remote()) + " at " + at + words(state);
      case MAILBOX -> delivered(state, at);
      case PROGRAM ->
          "handed to a program of this machine at "
              + at
              + words(state)
              + "; what that did with it is not known";
      case NOWHERE -> "thrown away at " + at + ", as the MTA is set up" + words(state);
    };
  }

  private static String delivered(RecipientState state, String at) {
    if (state.source() == Source.REPORT) {
      return "a report from the far side says that it was put into a mailbox, learnt at "
          + at
          + words(state);
    }
    String where =
        state.remote().isKnown() ? "a mailbox by " + far(state.remote()) : "a mailbox of this MTA";
    return "put into " + where + " at " + at + words(state);
  }

  /** What sendmail gives to a mailer of its own is as good as unreported from the start. */
  private static String unreported(RecipientState state, String at) {
    String known =
        state.source() == Source.MILTER
            ? "taken at " + at + ", and nobody tells what becomes of it"
            : "the MTA was done with it by " + at + ", and nothing told how";
    return known
        + ": this is not a sign of success"
        + state.reason().map(reason -> " (" + Plain.text(reason) + ")").orElse("");
  }

  /** The far side's words, else the MTA's. */
  private static String words(RecipientState state) {
    return state.reply().or(state::reason).map(text -> ": " + Plain.text(text)).orElse("");
  }

  /** With the code, which Postfix hands a milter apart from the words. */
  private static String codedWords(RecipientState state) {
    String words = words(state);
    return state
        .dsn()
        .map(EnhancedStatus::toString)
        .filter(code -> !hasCode(words, code))
        .map(code -> ": " + code + words.replaceFirst("^:", ""))
        .orElse(words);
  }

  /** On its own, and not as a piece of an address: 195.7.1.20 says no 5.7.1. */
  static boolean hasCode(String words, String code) {
    return Pattern.compile("(?<![0-9.])" + Pattern.quote(code) + "(?!\\.?[0-9])")
        .matcher(words)
        .find();
  }

  /**
   * Why a 4yz was the last word: Postfix says it behind the far side's words, not in them. Where
   * nothing failed it is the far side that ends so.
   */
  static String expiry(Status status, Optional<String> reply, Optional<String> reason) {
    return reply
        .filter(words -> status == Status.FAILED)
        .flatMap(words -> reason)
        .map(EXPIRED::matcher)
        .filter(Matcher::find)
        .map(Matcher::group)
        .orElse("");
  }

  private static String reason(RecipientState state) {
    return state.reason().map(reason -> ": " + Plain.text(reason)).orElse("");
  }

  /** Who spoke, when, and the words, as far as each is known. */
  private static String said(RecipientState state, String at) {
    if (state.isTakenUnwritten()) {
      return "at "
          + at
          + reason(state)
          + ", though "
          + far(state.remote())
          + " had taken it"
          + words(state);
    }
    if (state.isReplyNoCause()) {
      return "at " + at + reason(state);
    }
    String words = words(state) + expiry(state.status(), state.reply(), state.reason());
    if (state.reply().isPresent() && state.remote().isKnown()) {
      return far(state.remote()) + " said at " + at + words;
    }
    return "at " + at + words;
  }

  /** {@code mx.example.com [192.0.2.1]:25}, as much of it as is known. */
  static String far(Remote remote) {
    Optional<String> address = remote.address().map(Plain::text).map(Sentence::bracketed);
    // Where a route names an address, that is the MTA's name as well.
    Optional<String> name =
        remote.mta().map(Plain::text).map(mta -> mta.replaceAll("^\\[|\\]$", ""));
    if (name.isPresent() && address.isPresent()) {
      return address.get().startsWith("[" + name.get() + "]")
          ? address.get()
          : name.get() + " " + address.get();
    }
    return name.or(() -> address).orElse("the next hop");
  }

  private static String bracketed(String address) {
    if (address.startsWith("[")) {
      return address;
    }
    int colon = address.lastIndexOf(':');
    return colon > 0 && !address.startsWith("/")
        ? "[" + address.substring(0, colon) + "]" + address.substring(colon)
        : "[" + address + "]";
  }

  /** The address, and beside it the one that the sender gave where the MTA changed it. */
  static String name(Recipient recipient) {
    return Plain.text(recipient.address().text())
        + recipient.original().map(o -> " (for " + Plain.text(o.text()) + ")").orElse("");
  }
}
