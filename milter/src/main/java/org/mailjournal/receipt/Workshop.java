package org.mailjournal.receipt;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import org.mailjournal.journal.JournalReader;

/** What receipts are made and sent with, from their settings. */
final class Workshop {
  private Workshop() {}

  static Writing writing(ReceiptSettings settings, JournalReader journal, Clock clock) {
    SiteKey key = new SiteKey(settings.signing(), clock);
    Composer composer =
        new Composer(
            new Composer.Settings(
                settings.from(),
                settings.name(),
                settings.machine(),
                settings.language().orElse(Composer.Settings.AUTO),
                ZoneId.systemDefault(),
                Composer.Returned.valueOf(settings.returned().toUpperCase(Locale.ROOT))),
            key::sign);
    return new Writing(
        journal, composer, new Evidence.Witness(settings.machine(), settings.version()), clock);
  }

  static Submission submission(ReceiptSettings settings, Duration step) {
    return new Submission(
        new Submission.Settings(settings.host(), settings.port(), settings.machine(), step));
  }
}
