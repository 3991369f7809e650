package org.mailjournal.cli;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.config.Key;
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

  private static void submission(Config config, List<Finding> findings) {
    Config.Submit place = config.receipts().submit();
    Optional<String> refusal = Sockets.refusal(new Config.Listen.Inet(place.host(), place.port()));
    refusal.ifPresent(
        why ->
            findings.add(
                Finding.configuration(
                    Key.RECEIPTS_SUBMIT.path()
                        + " = "
                        + place
                        + ": receipts wait, because nobody answers there ("
                        + why
                        + ")",
                    "start the MTA, or name where it takes mail")));
  }
}
