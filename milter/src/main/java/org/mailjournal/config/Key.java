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
  EGRESS_LISTEN(
      "egress.listen",
      null,
      Form.LISTEN + "; a loopback address, unless egress.clients names who may come to another"),
  EGRESS_CLIENTS(
      "egress.clients", "[]", Form.NETWORKS + ", none wider than /8: they may send through us"),
  EGRESS_ROUTES(
      "egress.routes",
      "[]",
      "a list of { domain = \"example.com\", to = \"mx\" }, each with tls and credentials if"
          + " needed"),
  EGRESS_MTA_NAMES(
      "egress.mta-names", "[]", "a list of host names, [\"mail.example.org\", \"example.org\"]"),
  EGRESS_RESOLVER(
      "egress.resolver", null, "an address with a port, \"127.0.0.1:53\" or \"[::1]:53\""),
  EGRESS_MX_PORT("egress.mx-port", "25", "a whole number from 1 to 65535"),
  EGRESS_OWN_ADDRESSES(
      "egress.own-addresses", "[]", "a list of addresses, [\"192.0.2.7\", \"2001:db8::7\"]"),
  EGRESS_TRUST("egress.trust", null, "the absolute path of a file of certificates in PEM"),
  /** This one and those below: the least that RFC 5321 section 4.5.3.2 asks for. */
  EGRESS_CONNECT_TIMEOUT("egress.timeouts.connect", "30s", Form.TIMEOUT),
  EGRESS_GREETING_TIMEOUT("egress.timeouts.greeting", "5m", Form.TIMEOUT),
  EGRESS_COMMAND_TIMEOUT("egress.timeouts.command", "5m", Form.TIMEOUT),
  EGRESS_DATA_TIMEOUT("egress.timeouts.data", "2m", Form.TIMEOUT),
  EGRESS_BLOCK_TIMEOUT("egress.timeouts.block", "3m", Form.TIMEOUT),
  EGRESS_END_OF_DATA_TIMEOUT("egress.timeouts.end-of-data", "10m", Form.TIMEOUT),
  STORE_URL(
      "store.url", "jdbc:sqlite:/var/lib/mailjournal/journal.db", "\"jdbc:sqlite:/absolute/path\""),
  ON_FAILURE("on-failure", "tempfail", "tempfail or accept"),
  INTERNAL_RELAYS(
      "internal-relays", "[]", Form.NETWORKS + ", none wider than /8: their clients are local"),
  RECEIPTS_GIVE("receipts.give", "never", "never, on-request or always"),
  RECEIPTS_RULES(
      "receipts.rules",
      "[]",
      "a list of { sender = \"a@example.org\", give = always }, with domain or login in place of"
          + " sender; domain = \".example.org\" is for all below it, and receipts.give for"
          + " everybody"),
  RECEIPTS_DOMAINS(
      "receipts.domains",
      "[]",
      "a list of domains, [\"example.org\"], with \".example.org\" for all below one"),
  RECEIPTS_LOGINS(
      "receipts.logins",
      "[]",
      "a list of { login = \"ada\", senders = [\"ada@example.org\", \"example.net\"] },"
          + " with \".example.org\" for all below a domain"),
  RECEIPTS_REQUEST_HEADERS(
      "receipts.request-headers",
      "[Return-Receipt-To]",
      "a list of header field names, [\"Return-Receipt-To\", \"X-Confirm-Delivery\"]"),
  RECEIPTS_PLUS_TAG("receipts.plus-tag", null, "a word of letters, digits and hyphens, receipt"),
  RECEIPTS_PATIENCE("receipts.patience", "15m", Form.PERIOD + ", from 1s to 5d"),
  RECEIPTS_ONLY("receipts.only", "false", "true or false"),
  RECEIPTS_SUBMIT("receipts.submit", "127.0.0.1:25", "\"host:port\" or \"[::1]:25\", in quotes"),
  RECEIPTS_SUBMIT_TLS("receipts.submit-tls", "off", "off, starttls or implicit"),
  RECEIPTS_SUBMIT_CREDENTIALS(
      "receipts.submit-credentials",
      null,
      "the absolute path of a file of two lines, login name and password"),
  RECEIPTS_SUBMIT_TRUST(
      "receipts.submit-trust", null, "the absolute path of a file of certificates in PEM"),
  RECEIPTS_LIMIT("receipts.limit", "100", "a whole number from 1 to 1000000"),
  RECEIPTS_FROM("receipts.from", null, "an address, \"postmaster@example.org\""),
  RECEIPTS_NAME("receipts.name", "Receipts", "a name, in quotes if it has spaces"),
  RECEIPTS_LANGUAGE("receipts.language", "auto", "auto, en, de, fr, it, es or nl"),
  RECEIPTS_RETURN("receipts.return", "headers", "headers, fields or none"),
  RECEIPTS_KEY("receipts.key", null, "the absolute path of a PKCS#12 file"),
  RECEIPTS_KEY_PASSWORD(
      "receipts.key-password", null, "the absolute path of a file with the password"),
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
    private static final String TIMEOUT = PERIOD + ", from 1s to 1h";
    private static final String NETWORKS =
        "a list of addresses and networks, [\"192.0.2.7\", \"192.0.2.0/24\", \"2001:db8::/32\"]";
    private static final String LISTEN =
        "\"inet:8891@127.0.0.1\", \"inet:8891@[::1]\" or \"unix:/absolute/path\", in quotes";
  }
}
