package org.mailjournal.receipt;

import java.time.Instant;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Ending;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Says of one recipient what is known, and no more. */
final class RowWriter {
  private static final String SMTP_PORT = ":25";

  private final Texts texts;
  private final Moments moments;
  private final Instant now;

  RowWriter(Texts texts, Moments moments, Instant now) {
    this.texts = texts;
    this.moments = moments;
    this.now = now;
  }

  View.Row row(RecipientState state) {
    return new View.Row(
        Shown.line(state.recipient().address().text(), Shown.ADDRESS),
        state
            .recipient()
            .original()
            .map(Address::text)
            .map(original -> Shown.line(original, Shown.ADDRESS))
            .map(original -> texts.say("recipient.original", original)),
        Summary.toneOf(state),
        texts.say("label." + kind(state)),
        texts.say("note." + (state.isSilent(now) ? "silent" : kind(state))),
        sentence(state),
        words(state),
        attempts(state));
  }

  /** The status, or a narrower word where that would claim too much. */
  private static String kind(RecipientState state) {
    if (state.isRefusedForNow()) {
      return "refused";
    }
    return switch (state.ending().orElse(Ending.MAIL_SYSTEM)) {
      case MAIL_SYSTEM, MAILBOX -> state.status().word();
      case PROGRAM -> "program";
      case NOWHERE -> "nowhere";
    };
  }

  private String sentence(RecipientState state) {
    String at = moments.beside(state.at());
    boolean named = state.remote().isKnown();
    boolean answered = named && state.reply().isPresent() && !state.isReplyNoCause();
    String key =
        switch (state.status()) {
          case REJECTED, EXPANDED -> kind(state);
          case QUEUED -> state.isSilent(now) ? "queued.silent" : "queued";
          case DELAYED -> answered ? "delayed.by" : "delayed";
          case FAILED -> answered ? "failed.by" : "failed";
          case RELAYED, DELIVERED -> done(state, named);
          case UNREPORTED ->
              state.source() == Source.MILTER && state.mailer().filter("local"::equals).isPresent()
                  ? "unreported.local"
                  : "unreported";
        };
    return texts.say(key, at, far(state.remote()));
  }

  private static String done(RecipientState state, boolean named) {
    if (state.ending().filter(Ending.MAILBOX::equals).isEmpty()) {
      return kind(state);
    }
    if (state.source() == Source.REPORT) {
      return "delivered.report";
    }
    return named ? "delivered.by" : "delivered.here";
  }

  /** The far side's words, else the MTA's own; of what nobody told the reason is ours. */
  private Optional<View.Words> words(RecipientState state) {
    if (state.status() == Status.UNREPORTED) {
      return Optional.empty();
    }
    return said("words.remote", state.reply().filter(r -> !state.isReplyNoCause()), true)
        .or(() -> said("words.local", state.reason(), false))
        .filter(words -> !words.text().isEmpty());
  }

  private Optional<View.Words> said(String whose, Optional<String> text, boolean far) {
    return text.map(RowWriter::oneLine)
        .map(words -> new View.Words(texts.say(whose), Shown.line(words, Shown.REPLY), far));
  }

  /** The lines of a reply are kept apart by a bar. */
  private static String oneLine(String words) {
    return words.strip().replace("\r\n", " | ").replace("\n", " | ");
  }

  private Optional<String> attempts(RecipientState state) {
    return state.status() == Status.DELAYED && state.attempts() > 0
        ? Optional.of(
            texts.say(state.isSilent(now) ? "attempts.silent" : "attempts", state.attempts()))
        : Optional.empty();
  }

  /** {@code mx.example.com [192.0.2.1]}, as much of it as is known. */
  private String far(Remote remote) {
    Optional<String> address =
        remote.address().map(a -> Shown.line(a, Shown.NAME)).map(RowWriter::bracketed);
    // Where a route names an address, that is the MTA's name as well.
    Optional<String> name =
        remote
            .mta()
            .map(mta -> Shown.line(mta, Shown.NAME))
            .map(mta -> mta.startsWith("[") ? mta.substring(1).replace("]", "") : mta)
            .filter(mta -> !mta.isEmpty());
    if (name.isPresent() && address.isPresent()) {
      return address.get().startsWith("[" + name.get() + "]")
          ? address.get()
          : name.get() + " " + address.get();
    }
    return name.or(() -> address).orElseGet(() -> texts.say("system"));
  }

  /** With brackets, and without the port that everybody uses. */
  private static String bracketed(String address) {
    if (address.startsWith("/")) {
      return address;
    }
    if (address.endsWith(SMTP_PORT)) {
      String host = address.substring(0, address.length() - SMTP_PORT.length());
      return host.startsWith("[") ? host : "[" + host + "]";
    }
    int colon = address.lastIndexOf(':');
    if (address.startsWith("[") || colon < 0) {
      return address.startsWith("[") ? address : "[" + address + "]";
    }
    return "[" + address.substring(0, colon) + "]" + address.substring(colon);
  }
}
