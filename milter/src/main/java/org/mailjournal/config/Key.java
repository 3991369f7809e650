package org.mailjournal.config;

import java.util.Optional;

/**
 * Every key of the configuration: its name, its default, and the form of its values. The defaults
 * stand here and nowhere else.
 */
public enum Key {
  MILTER_LISTEN("milter.listen", "inet:8891@127.0.0.1", Form.LISTEN),
  MILTER_MAX_CONNECTIONS("milter.max-connections", "1000", "a whole number from 1 to 100000"),
  /** Longer than an MTA keeps a silent client: Postfix 5 minutes, sendmail 1 hour. */
  MILTER_IDLE_TIMEOUT("milter.idle-timeout", "2h", Form.PERIOD + ", from 1s to 7d"),
  POSTFIX_QUEUE_DIRECTORY(
      "postfix.queue-directory",
      null,
      "the absolute path that 'postconf -h queue_directory' gives, \"/var/spool/postfix\""),
  POSTFIX_AUDIT("postfix.audit", "5m", Form.PERIOD + ", from 1s to 1d"),
  EGRESS_LISTEN("egress.listen", null, Form.LISTEN + "; loopback addresses only"),
  EGRESS_ROUTES(
      "egress.routes",
      "[]",
      "a list of { domain = \"example.com\", to = \"mx\" }, each with tls and credentials if needed"),
  EGRESS_MTA_NAMES(
      "egress.mta-names", "[]", "a list of host names, [\"mail.example.org\", \"example.org\"]"),
  STORE_URL(
      "store.url", "jdbc:sqlite:/var/lib/mailjournal/journal.db", "\"jdbc:sqlite:/absolute/path\""),
  ON_FAILURE("on-failure", "tempfail", "tempfail or accept"),
  INTERNAL_RELAYS(
      "internal-relays",
      "[]",
      "a list of addresses and networks, [\"192.0.2.7\", \"192.0.2.0/24\", \"2001:db8::/32\"]"),
  RETENTION("retention", null, Form.PERIOD + ", from 1d to 36500d; leave it out to keep all");

  private final String path;
  private final String byDefault;
  private final String form;

  Key(String path, String byDefault, String form) {
    this.path = path;
    this.byDefault = byDefault;
    this.form = form;
  }

  /** The full name, {@code milter.listen}. */
  public String path() {
    return path;
  }

  /**
   * What holds without the key, as it would be written in the file; empty where that is nothing.
   */
  public Optional<String> byDefault() {
    return Optional.ofNullable(byDefault);
  }

  /** The form of its values, in words. */
  public String form() {
    return form;
  }

  private static final class Form {
    private static final String PERIOD = "a number with a unit, as in 30s, 15m, 2h, 400d or 1w";
    private static final String LISTEN =
        "\"inet:8891@127.0.0.1\", \"inet:8891@[::1]\" or \"unix:/absolute/path\", in quotes";
  }
}
