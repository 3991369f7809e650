package org.mailjournal.receipt;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import org.mailjournal.journal.JournalReader;

/** What receipts are made and sent with, from their settings. */
final class Workshop {
  private Workshop() {}

  static SiteKey key(ReceiptSettings settings, Clock clock) {
    return new SiteKey(settings.signing(), clock);
  }

  static Writing writing(
      ReceiptSettings settings, SiteKey key, JournalReader journal, Clock clock) {
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
    return new Submission(settings.submission(), settings.machine(), step);
  }
}
