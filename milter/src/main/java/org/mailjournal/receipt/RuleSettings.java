package org.mailjournal.receipt;

import java.util.List;
import java.util.Optional;

/**
 * Who gets a receipt.
 *
 * @param give to whom no rule applies
 * @param rules the first that names a message's sender counts
 * @param domains the site's own, {@code .example.org} for all below one
 * @param requestFields header fields that ask for a receipt
 * @param plusTag a tag in the sender's local part that asks for one
 * @param ownNetworks addresses and networks, beside loopback, whose clients are local
 */
public record RuleSettings(
    Give give,
    List<Rule> rules,
    List<String> domains,
    List<Login> logins,
    List<String> requestFields,
    Optional<String> plusTag,
    List<String> ownNetworks) {
  /** When a sender gets one. */
  public enum Give {
    NEVER,
    ON_REQUEST,
    ALWAYS
  }

  /** What a rule goes by. */
  public enum By {
    SENDER,
    DOMAIN,
    LOGIN
  }

  /** What is done for some senders. */
  public record Rule(By by, String value, Give give) {}

  /** The addresses and domains that a login may send as; its own address is among them or not. */
  public record Login(String name, List<String> senders) {
    public Login {
      senders = List.copyOf(senders);
    }
  }

  public RuleSettings {
    rules = List.copyOf(rules);
    domains = List.copyOf(domains);
    logins = List.copyOf(logins);
    requestFields = List.copyOf(requestFields);
    ownNetworks = List.copyOf(ownNetworks);
  }
}
