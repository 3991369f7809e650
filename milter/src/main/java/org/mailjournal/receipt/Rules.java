package org.mailjournal.receipt;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.DomainForm;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.HeaderField;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.receipt.RuleSettings.Give;

/**
 * Whose mail gets a receipt. Every rule that forbids one comes before every rule that gives one, so
 * that nobody outside is mailed and no two programs answer each other (RFC 3834 section 2).
 */
public final class Rules implements ReceiptPolicy {
  private static final Set<String> BULK = Set.of("bulk", "list", "junk");
  private static final String AUTO_SUBMITTED = "auto-submitted";
  private static final String PRECEDENCE = "precedence";
  private static final String LIST = "list-";

  private final RuleSettings settings;
  private final Networks local;
  private final OwnDomains own;
  private final Set<String> requestFields = new HashSet<>();

  public Rules(RuleSettings settings) {
    this.settings = settings;
    this.own = new OwnDomains(settings.domains());
    this.local = new Networks(settings.ownNetworks());
    settings.requestFields().forEach(name -> requestFields.add(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public boolean mayGive(Address sender, Optional<String> authenticatedAs, Client client) {
    return !sender.isNull()
        && give(sender, authenticatedAs).give() != Give.NEVER
        && own.hold(sender)
        && authenticatedAs
            .map(login -> mayUse(login, sender))
            .orElseGet(() -> client.address().filter(local::contain).isPresent());
  }

  @Override
  public boolean looksAt(String fieldName) {
    return fieldName.equals(AUTO_SUBMITTED)
        || fieldName.equals(PRECEDENCE)
        || fieldName.startsWith(LIST)
        || requestFields.contains(fieldName);
  }

  @Override
  public Optional<String> reason(Event.Received message, List<HeaderField> fields) {
    Address sender = message.sender();
    if (!mayGive(sender, message.authenticatedAs(), message.client())
        || fields.stream().anyMatch(Rules::forbids)
        || message.accepted().stream().allMatch(Rules::isNever)) {
      return Optional.empty();
    }
    Given given = give(sender, message.authenticatedAs());
    return given.give() == Give.ALWAYS
        ? Optional.of("always, " + given.why())
        : request(message, fields).map(what -> "asked for with " + what);
  }

  private static boolean forbids(HeaderField field) {
    String name = field.name().toLowerCase(Locale.ROOT);
    String value = field.value().strip().toLowerCase(Locale.ROOT);
    if (name.equals(AUTO_SUBMITTED)) {
      // RFC 3834 section 5: a keyword, then parameters behind semicolons, and comments.
      return !value.split("[;(\\s]", 2)[0].equals("no");
    }
    return name.startsWith(LIST) || (name.equals(PRECEDENCE) && BULK.contains(value));
  }

  private static boolean isNever(Event.Accepted accepted) {
    return !accepted.asked().byDefault() && accepted.asked().notices().isEmpty();
  }

  private Optional<String> request(Event.Received message, List<HeaderField> fields) {
    if (message.accepted().stream().anyMatch(a -> a.asked().success())) {
      return Optional.of("NOTIFY=SUCCESS");
    }
    Optional<String> tag = tag(message.sender()).filter(settings.plusTag().orElse("")::equals);
    if (tag.isPresent()) {
      return tag.map(word -> "the tag +" + word);
    }
    return fields.stream()
        .map(HeaderField::name)
        .filter(name -> requestFields.contains(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** What is done for a sender, and by which rule. */
  private record Given(Give give, String why) {}

  private Given give(Address sender, Optional<String> login) {
    for (RuleSettings.Rule rule : settings.rules()) {
      boolean applies =
          switch (rule.by()) {
            case SENDER -> isNamed(sender, new Address(rule.value()));
            case DOMAIN -> OwnDomains.isWithin(sender.domain(), rule.value());
            case LOGIN -> login.filter(rule.value()::equalsIgnoreCase).isPresent();
          };
      if (applies) {
        String by = rule.by().name().toLowerCase(Locale.ROOT);
        return new Given(rule.give(), "by the rule for " + by + " " + rule.value());
      }
    }
    return new Given(settings.give(), "for everybody");
  }

  /** What the administrator says of a login is all of it: so he can also take something away. */
  private boolean mayUse(String login, Address sender) {
    List<RuleSettings.Login> lines =
        settings.logins().stream().filter(line -> line.name().equalsIgnoreCase(login)).toList();
    if (lines.isEmpty()) {
      return isLogin(login, mailbox(sender));
    }
    return lines.stream()
        .flatMap(line -> line.senders().stream())
        .anyMatch(
            named ->
                named.contains("@")
                    ? isNamed(sender, new Address(named))
                    : OwnDomains.isWithin(sender.domain(), named));
  }

  /** With a tag one address is meant, without one all of a person's. */
  private static boolean isNamed(Address sender, Address name) {
    return tag(name).isPresent()
        ? whole(sender).equals(whole(name))
        : mailbox(sender).equals(mailbox(name));
  }

  /** The whole address, or its local part. */
  private static boolean isLogin(String login, String mailbox) {
    String own = login.contains("@") ? login : login + mailbox.substring(mailbox.lastIndexOf('@'));
    return mailbox.equals(mailbox(new Address(own)));
  }

  /**
   * The same for all addresses of a person at the site: {@code Ada+x@example.org} and {@code
   * ada@example.org}. The local part's case is its host's affair (RFC 5321 section 2.4), and that
   * host is the site, where nobody tells Ada from ada. The domain's two forms are one.
   */
  static String mailbox(Address address) {
    String text = whole(address);
    int plus = text.indexOf('+');
    int at = text.lastIndexOf('@');
    return plus > 0 && plus < at ? text.substring(0, plus) + text.substring(at) : text;
  }

  private static String whole(Address address) {
    String text = address.text().toLowerCase(Locale.ROOT);
    int at = text.lastIndexOf('@') + 1;
    return text.substring(0, at) + DomainForm.comparable(text.substring(at));
  }

  private static Optional<String> tag(Address address) {
    String text = address.text();
    int plus = text.indexOf('+');
    int at = text.lastIndexOf('@');
    return plus > 0 && plus + 1 < at ? Optional.of(text.substring(plus + 1, at)) : Optional.empty();
  }
}
