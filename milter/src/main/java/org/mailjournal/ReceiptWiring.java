package org.mailjournal;

import java.util.List;
import org.mailjournal.cli.CommandLineProgram;
import org.mailjournal.config.Config;
import org.mailjournal.journal.Address;
import org.mailjournal.receipt.ReceiptSettings;
import org.mailjournal.receipt.RuleSettings;
import org.mailjournal.receipt.SubmissionSettings;

/** What the administrator asked of receipts, in the words of their room. */
final class ReceiptWiring {
  private static final String POSTMASTER = "postmaster@";
  private static final String LMTP = "lmtp:";

  private ReceiptWiring() {}

  static RuleSettings rules(Config config) {
    Config.Receipts receipts = config.receipts();
    return new RuleSettings(
        give(receipts.give()),
        receipts.rules().stream().map(ReceiptWiring::rule).toList(),
        receipts.domains(),
        receipts.logins().stream()
            .map(login -> new RuleSettings.Login(login.login(), login.senders()))
            .toList(),
        receipts.requestHeaders(),
        receipts.plusTag(),
        config.internalRelays());
  }

  private static RuleSettings.Rule rule(Config.Rule rule) {
    RuleSettings.By by =
        switch (rule.what()) {
          case "sender" -> RuleSettings.By.SENDER;
          case "domain" -> RuleSettings.By.DOMAIN;
          default -> RuleSettings.By.LOGIN;
        };
    return new RuleSettings.Rule(by, rule.value(), give(rule.give()));
  }

  private static RuleSettings.Give give(Config.Give give) {
    return switch (give) {
      case NEVER -> RuleSettings.Give.NEVER;
      case ON_REQUEST -> RuleSettings.Give.ON_REQUEST;
      case ALWAYS -> RuleSettings.Give.ALWAYS;
    };
  }

  static ReceiptSettings settings(Config config, String host, boolean hasQueueAudit) {
    Config.Receipts receipts = config.receipts();
    return new ReceiptSettings(
        receipts.patience(),
        submission(receipts.submit()),
        receipts.limit(),
        from(config, host),
        receipts.name(),
        receipts.language(),
        receipts.returned().name(),
        ReceiptKey.settings(config, host),
        host,
        CommandLineProgram.version(),
        config.internalRelays(),
        hasQueueAudit,
        config.egress().stream()
            .flatMap(e -> e.routes().stream())
            .anyMatch(ReceiptWiring::isMailbox));
  }

  /** Sendmail's local mailer runs through the relay then (doc/SENDMAIL.md), which hears it. */
  private static boolean isMailbox(Config.Route route) {
    return route.to().startsWith(LMTP);
  }

  private static SubmissionSettings submission(Config.Submit submit) {
    SubmissionSettings.Tls tls =
        switch (submit.tls()) {
          case OFF -> SubmissionSettings.Tls.OFF;
          case STARTTLS -> SubmissionSettings.Tls.STARTTLS;
          case IMPLICIT -> SubmissionSettings.Tls.IMPLICIT;
        };
    return new SubmissionSettings(
        submit.host(), submit.port(), tls, submit.credentials(), submit.trust());
  }

  /** The address that receipts come from; senders and servers without SMTPUTF8 must take it. */
  static Address from(Config config, String host) {
    Config.Receipts receipts = config.receipts();
    String from = receipts.from().orElseGet(() -> POSTMASTER + home(receipts.domains(), host));
    return new Address(from).inAscii();
  }

  private static String home(List<String> domains, String host) {
    return domains.isEmpty() ? host : domains.get(0).replaceFirst("^\\.", "");
  }
}
