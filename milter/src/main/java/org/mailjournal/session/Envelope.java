package org.mailjournal.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.protocol.Macros;

/**
 * Sender and recipients of one message. Each recipient costs its address and one small object, so
 * that a message to 100,000 of them fits; what repeats is kept once.
 */
final class Envelope {
  /** Far above what MTAs take in one message; beyond it the message is refused, not cut. */
  static final int MOST_ACCEPTED = 1_000_000;

  /** A client may have any number of recipients refused, so only the first ones are kept. */
  static final int MOST_REJECTED = 1_000;

  private static final int LONGEST_REASON = 1_024;
  private static final String ERROR = "error";

  /** Sendmail's mailers for SMTP (cf/mailer/smtp.m4); all others are programs, or LMTP. */
  private static final Set<String> OUTWARD = Set.of("smtp", "esmtp", "smtp8", "dsmtp", "relay");

  private final Address sender;
  private final Optional<String> authenticatedAs;
  private final boolean tap;
  private final List<Event.Accepted> accepted = new ArrayList<>();
  private final List<Event.Rejected> rejected = new ArrayList<>();
  private Optional<String> mailer = Optional.empty();
  private long acceptedCount;
  private long rejectedCount;

  /**
   * @param tap whether the MTA is one that tells us of every recipient by the pass tap
   */
  Envelope(Address sender, Optional<String> authenticatedAs, boolean tap) {
    this.sender = sender;
    this.tap = tap;
    this.authenticatedAs = authenticatedAs;
  }

  void recipient(Address address, Mark mark, Macros macros) {
    Optional<String> by = Text.of(macros, "rcpt_mailer");
    if (isRejected(address, by, macros)) {
      reject(address, macros);
      return;
    }
    acceptedCount++;
    if (accepted.size() < MOST_ACCEPTED) {
      if (!mailer.equals(by)) {
        mailer = by;
      }
      accepted.add(
          new Event.Accepted(
              address, mark.asked(), mark.orcpt(), mailer, mark.marked(), rewritten(macros)));
    }
  }

  /**
   * What sendmail will say in RCPT, where that is another address: by {@code virtusertable}, or a
   * name that the DNS has in another form (buildaddr() in parseaddr.c of 8.17). A name alone gets
   * its domain by the mailer's own rules, later.
   */
  private Optional<Address> rewritten(Macros macros) {
    return tap || mailer.filter(OUTWARD::contains).isEmpty()
        ? Optional.empty()
        : Text.of(macros, "rcpt_addr").filter(text -> text.contains("@")).map(Address::ofPath);
  }

  /**
   * Refused recipients come with the mailer {@code error}. But on Postfix a recipient in a virtual
   * alias domain that is taken has it too, with {@code {rcpt_host}} "5.1.1 User unknown in virtual
   * alias table": there {@code {rcpt_addr}} is still the address, and the host is more than a
   * status. Of a refused one the host is its bare status and the address is the MTA's text.
   */
  private static boolean isRejected(Address address, Optional<String> by, Macros macros) {
    if (by.isEmpty() || !by.get().equals(ERROR)) {
      return false;
    }
    boolean same =
        Text.of(macros, "rcpt_addr").map(Address::ofPath).filter(address::equals).isPresent();
    boolean resolved =
        Text.of(macros, "rcpt_host").filter(host -> host.strip().indexOf(' ') > 0).isPresent();
    return !same && !resolved;
  }

  private void reject(Address address, Macros macros) {
    rejectedCount++;
    if (rejected.size() < MOST_REJECTED) {
      String text = Text.of(macros, "rcpt_addr").orElse("");
      rejected.add(
          new Event.Rejected(
              address,
              Text.of(macros, "rcpt_host").flatMap(EnhancedStatus::of),
              text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) : text));
    }
  }

  Address sender() {
    return sender;
  }

  Optional<String> authenticatedAs() {
    return authenticatedAs;
  }

  List<Event.Accepted> accepted() {
    return accepted;
  }

  /**
   * Recipients of whom nobody will tell: of sendmail's mailers only those for SMTP lead through us.
   */
  List<Event.Accepted> untold() {
    return tap
        ? List.of()
        : accepted.stream()
            .filter(a -> a.mailer().filter(by -> !OUTWARD.contains(by)).isPresent())
            .toList();
  }

  List<Event.Rejected> rejected() {
    return rejected;
  }

  /** How many recipients were taken that are not kept. */
  long acceptedTooMany() {
    return acceptedCount - accepted.size();
  }

  /** How many recipients were refused that are not kept. */
  long rejectedTooMany() {
    return rejectedCount - rejected.size();
  }
}
