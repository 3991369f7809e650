package org.mailjournal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.config.Key;
import org.mailjournal.receipt.ByHand;
import org.mailjournal.receipt.Signer;
import org.mailjournal.receipt.SigningException;
import org.mailjournal.receipt.SigningSettings;

/** Whether receipts, where they are given, can be written, signed and handed in. */
final class ReceiptsCheck implements Check {
  private static final Duration SOON = Duration.ofDays(30);

  private final Services services;

  ReceiptsCheck(Services services) {
    this.services = services;
  }

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    Config config = subject.config();
    if (config.receipts().areOn()) {
      domains(config, findings);
      only(config, findings);
      name(findings);
      secrets(config, findings);
      key(config, findings);
      submission(config, findings);
    }
    return findings;
  }

  private static void domains(Config config, List<Finding> findings) {
    if (config.receipts().domains().isEmpty()) {
      findings.add(
          Finding.configuration(
              Key.RECEIPTS_DOMAINS.path()
                  + " is empty: receipts are on, and go to these domains only, so nobody gets one",
              "set it to the site's own domains, " + Key.RECEIPTS_DOMAINS.form()));
    }
  }

  private static void only(Config config, List<Finding> findings) {
    if (config.receipts().only() && config.postfix().isEmpty()) {
      findings.add(
          Finding.warning(
              Key.RECEIPTS_ONLY.path()
                  + " = true has no effect: only Postfix's reports can be held back, and "
                  + Key.POSTFIX_QUEUE_DIRECTORY.path()
                  + " is not set",
              "leave it out; doc/SENDMAIL.md says what sendmail itself can do"));
    }
  }

  private void secrets(Config config, List<Finding> findings) {
    Config.Receipts receipts = config.receipts();
    everybody(Key.RECEIPTS_KEY, receipts.key(), findings);
    everybody(Key.RECEIPTS_KEY_PASSWORD, receipts.keyPassword(), findings);
    Path journal = services.receiptSettings(config).signing().ownKeyFile().getParent();
    daemon(Key.RECEIPTS_KEY, receipts.key(), journal, findings);
    daemon(Key.RECEIPTS_KEY_PASSWORD, receipts.keyPassword(), journal, findings);
    daemon(Key.RECEIPTS_SUBMIT_CREDENTIALS, receipts.submit().credentials(), journal, findings);
  }

  private static void everybody(Key key, Optional<Path> file, List<Finding> findings) {
    file.flatMap(f -> FileRights.everybody(key.path(), f)).ifPresent(findings::add);
  }

  private static void daemon(Key key, Optional<Path> file, Path journal, List<Finding> findings) {
    file.flatMap(f -> FileRights.daemon(key.path(), f, journal, "receipts wait then"))
        .ifPresent(findings::add);
  }

  /** An unqualified name is what some servers refuse in EHLO, and tells a reader little. */
  private void name(List<Finding> findings) {
    String host = services.host();
    if (host.indexOf('.') < 0) {
      findings.add(
          Finding.warning(
              "this machine calls itself '"
                  + host
                  + "', without a domain: so do the receipts' Message-IDs and EHLO",
              "let 'hostname -f' give the full name, as by a line in /etc/hosts"));
    }
  }

  private void key(Config config, List<Finding> findings) {
    SigningSettings settings = services.receiptSettings(config).signing();
    // To open it would make it: that is for the daemon, whose it must be.
    if (settings.keyFile().isEmpty() && !Files.exists(settings.ownKeyFile())) {
      return;
    }
    try {
      Signer signer = services.signer(config);
      if (signer.expires().isBefore(Clock.systemUTC().instant().plus(SOON))) {
        findings.add(
            Finding.warning(
                name(settings) + ": the certificate expires at " + signer.expires(),
                "have a new one made, and put it there"));
      }
    } catch (SigningException refused) {
      String text = String.valueOf(refused.getMessage());
      int cure = text.lastIndexOf("; ");
      findings.add(
          Finding.configuration(
              name(settings)
                  + ": receipts wait, because nothing can be signed: "
                  + (cure < 0 ? text : text.substring(0, cure)),
              cure < 0 ? "look at the file" : text.substring(cure + 2)));
    }
  }

  private static String name(SigningSettings settings) {
    return Key.RECEIPTS_KEY.path() + " = " + settings.keyFile().orElse(settings.ownKeyFile());
  }

  private void submission(Config config, List<Finding> findings) {
    Config.Submit place = config.receipts().submit();
    String name = Key.RECEIPTS_SUBMIT.path() + " = " + place;
    Config.Listen server = new Config.Listen.Inet(place.host(), place.port());
    Optional<Probe.Trouble> away = Probe.trouble(server, Probe.Language.NONE);
    if (away.isPresent()) {
      findings.add(
          Finding.configuration(
              name + ": receipts wait, because nobody answers there (" + away.get().words() + ")",
              "start the MTA, or name where it takes mail"));
      return;
    }
    if (isDaemonSilent(config)) {
      return;
    }
    ByHand.problem(services.receiptSettings(config))
        .ifPresent(
            why ->
                findings.add(
                    Finding.configuration(
                        name + ": receipts wait, because no session comes about there: " + why,
                        "look at "
                            + Key.RECEIPTS_SUBMIT_TLS.path()
                            + ", "
                            + Key.RECEIPTS_SUBMIT_TRUST.path()
                            + " and "
                            + Key.RECEIPTS_SUBMIT_CREDENTIALS.path()
                            + ", or at the server")));
  }

  /**
   * Then the MTA greets nobody: it waits for us, and that is told of where sockets are looked at.
   */
  private static boolean isDaemonSilent(Config config) {
    return Probe.trouble(config.milter().listen(), Probe.Language.MILTER)
        .filter(Probe.Trouble::isSilent)
        .isPresent();
  }
}
