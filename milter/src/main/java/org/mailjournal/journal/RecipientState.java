package org.mailjournal.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known of one recipient at present.
 *
 * @param asked what the sender asked to be told; absent for an address that he did not give
 * @param mailer the MTA's name for how it will deliver, where it said so
 * @param dsn the enhanced status of the news that made the status
 * @param reply the far side's verbatim words in that news
 * @param reason the MTA's own words in that news
 * @param attempts how many attempts are known
 * @param at when the status was learnt
 */
public record RecipientState(
    Recipient recipient,
    Optional<Asked> asked,
    Optional<String> mailer,
    Status status,
    Optional<EnhancedStatus> dsn,
    Remote remote,
    Optional<String> reply,
    Optional<String> reason,
    int attempts,
    Source source,
    Instant at) {
  /** An MTA that still has a message tries again within hours. */
  private static final Duration SILENCE = Duration.ofDays(1);

  /** Postfix's words for a reply that is none to what was asked: smtp_trouble.c. */
  private static final String OUT_OF_PLACE = "Protocol error: ";

  private static final Pattern FOR_NOW = Pattern.compile("^4[0-9]{2}(?:[ -]|$)");

  /**
   * Whether its end is open and nothing was learnt for more than a day, so that the MTA may have
   * given it up: sendmail tells nobody but the sender (Timeout.queuereturn).
   */
  public boolean isSilent(Instant now) {
    return (status == Status.QUEUED || status == Status.DELAYED)
        && Duration.between(at, now).compareTo(SILENCE) > 0;
  }

  /** Whether the far side's reply refuses nothing, so that it cannot be what went wrong. */
  public boolean isReplyNoCause() {
    return (status == Status.DELAYED || status == Status.FAILED)
        && reply.filter(words -> words.startsWith("2") || words.startsWith("3")).isPresent();
  }

  /**
   * Whether the far side took it and the MTA could not write that down, as when Postfix's trace
   * service is away: it tries again, and the far side gets another copy. A 250 to another question,
   * as to DATA, takes nothing.
   */
  public boolean isTakenUnwritten() {
    return isReplyNoCause()
        && reply.filter(words -> words.startsWith("2")).isPresent()
        && reason.filter(words -> words.startsWith(OUT_OF_PLACE)).isEmpty();
  }

  /**
   * Whether the MTA refused it in the dialogue with a 4yz, as greylisting does: who handed the
   * message in may try again, and of that this message knows nothing (RFC 5321 section 4.2.1).
   */
  public boolean isRefusedForNow() {
    return status == Status.REJECTED
        && dsn.map(code -> code.category() == 4)
            .orElseGet(() -> reason.filter(FOR_NOW.asPredicate()).isPresent());
  }

  /** The id under which the far side queued the message, where its reply gives one. */
  public Optional<String> remoteQueueId() {
    return status == Status.RELAYED || status == Status.DELIVERED
        ? reply.flatMap(RemoteQueueId::of)
        : Optional.empty();
  }

  /** Where it ended, when the MTA calls it relayed or delivered; empty for every other status. */
  public Optional<Ending> ending() {
    return status == Status.RELAYED || status == Status.DELIVERED
        ? Optional.of(Ending.of(this))
        : Optional.empty();
  }
}
