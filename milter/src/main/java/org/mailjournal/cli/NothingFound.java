package org.mailjournal.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mailjournal.config.Config;
import org.mailjournal.config.Period;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Coverage.Span;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Query;

/**
 * What an empty answer is worth: from when on, and with which gaps, the journal has listened; what
 * it let go of; and what it never has or takes for something else.
 */
final class NothingFound {
  /** Or the left part of a Message-ID that looks like one. */
  private static final Pattern DOMAIN =
      Pattern.compile("@.*|(?:[\\p{L}\\p{N}-]++\\.)+(?:\\p{L}{2,}|xn--[A-Za-z0-9-]+)");

  private final Context context;
  private final Config config;
  private final JournalReader reader;

  NothingFound(Context context, Config config, JournalReader reader) {
    this.context = context;
    this.config = config;
    this.reader = reader;
  }

  /** To the person who named one message. */
  void say(String reference, boolean json) {
    Query any = Query.text(reference);
    if (reader.find(any, damage -> {}).isEmpty()) {
      say(any, json, false);
      return;
    }
    PrintStream out = out(json);
    out.println("Nothing found: expected a journal id, queue id or Message-ID.");
    out.println(
        "As a remote queue id or an address it is known: journal find "
            + Words.argument(reference));
  }

  /** To the person who asked. */
  void say(Query asked, boolean json) {
    say(asked, json, isPartOfAnAddress(asked));
  }

  private void say(Query asked, boolean json, boolean partly) {
    PrintStream out = out(json);
    Coverage coverage = reader.coverage();
    out.println("Nothing found.");
    if (coverage.spans().isEmpty()) {
      out.println(
          reader.sequenceBefore(Instant.MAX) == 0
              ? "The journal has never listened; 'journal run' starts it."
              : "When the journal listened cannot be told; 'journal verify' says what is damaged.");
      return;
    }
    listened(out, coverage, asked);
    hints(out, asked, partly);
  }

  /** Scripts find it on the error stream, apart from their JSON. */
  private PrintStream out(boolean json) {
    return json ? context.err() : context.out();
  }

  private void listened(PrintStream out, Coverage coverage, Query asked) {
    Times times = context.times();
    Instant since = coverage.since().orElseThrow();
    out.println("The journal has listened since " + times.full(since) + ".");
    config.retention().ifPresent(keep -> letGo(out, keep, since, asked));
    GapsText gaps = new GapsText(times);
    out.print(gaps.unheard(coverage.gaps()));
    out.print(gaps.unrecorded(coverage.unrecorded()));
    Span last = coverage.spans().get(coverage.spans().size() - 1);
    last.until()
        .ifPresent(
            until ->
                out.println(
                    "It does not listen now: it stopped at " + times.full(until) + crashed(last)));
  }

  private static String crashed(Span span) {
    return span.clean() ? "." : " or later, without a word.";
  }

  /** Where the journal is older than what it keeps, and the question reaches back so far. */
  private void letGo(PrintStream out, Duration keep, Instant since, Query asked) {
    Times times = context.times();
    Instant oldest = times.now().minus(keep);
    if (since.isBefore(oldest) && asked.since().orElse(since).isBefore(oldest)) {
      out.println(
          "Messages without news since "
              + times.full(oldest)
              + " are gone (retention = "
              + Period.text(keep)
              + ").");
    }
  }

  private void hints(PrintStream out, Query asked, boolean partly) {
    if (partly) {
      out.println("An address is looked for whole: with what stands before the @, and behind it.");
    }
    Stream<String> ids =
        Stream.of(asked.text(), asked.messageId(), asked.queueId(), asked.remoteQueueId())
            .flatMap(Optional::stream);
    Stream<String> localParts =
        Stream.of(asked.sender(), asked.recipient())
            .flatMap(Optional::stream)
            .map(Address::text)
            .map(address -> address.substring(0, Math.max(0, address.lastIndexOf('@'))));
    if (Stream.concat(ids, localParts)
        .flatMapToInt(String::codePoints)
        .anyMatch(Character::isLetter)) {
      out.println("Upper and lower case count in ids, and in what stands before the @.");
    }
    logOnly(out, asked);
  }

  private void logOnly(PrintStream out, Query asked) {
    if (Stream.of(
            asked.text(), asked.messageId(), asked.queueId(), asked.sender(), asked.recipient())
        .anyMatch(Optional::isPresent)) {
      out.println(
          "Mail that the MTA refused altogether, or threw away (DISCARD) before it was queued, is in"
              + " the MTA's log only.");
      if (config.egress().isPresent() && config.postfix().isEmpty()) {
        out.println(
            "So is a recipient that sendmail refused by its rules (check_rcpt, the access table,"
                + " error: in virtusertable): it tells no milter.");
      }
    }
  }

  /** A domain, most of all: else the answer would read as that there is no mail to it. */
  private static boolean isPartOfAnAddress(Query asked) {
    Stream<String> addresses =
        Stream.of(asked.sender(), asked.recipient()).flatMap(Optional::stream).map(Address::text);
    return asked.text().filter(DOMAIN.asMatchPredicate()).isPresent()
        || addresses.anyMatch(text -> !text.isEmpty() && text.indexOf('@') < 1);
  }
}
