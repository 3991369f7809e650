package org.mailjournal.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.mailjournal.config.Period;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * T of the command line: a length of time before now, or ISO 8601. A date is its first moment; what
 * has no offset is local time.
 */
final class TimeArgument implements ITypeConverter<Instant> {
  private final Clock clock;
  private final ZoneId zone;

  TimeArgument(Clock clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public Instant convert(String value) {
    String text = value.strip();
    try {
      return Period.parse(text.endsWith(" ago") ? text.substring(0, text.length() - 4) : text)
          .map(period -> clock.instant().minus(period))
          .or(() -> iso(text))
          .orElseThrow(() -> unknown(value));
    } catch (DateTimeException noSuchDay) {
      throw unknown(value);
    }
  }

  private Optional<Instant> iso(String written) {
    String text = extended(written);
    if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
      return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
    }
    // People write a blank for T (RFC 3339 section 5.6), and offsets without their colon, as we do.
    String iso =
        text.replaceFirst("^([-0-9]{10})[ t]", "$1T")
            .replaceFirst(" ?([-+][0-9]{2}):?([0-9]{2})$", "$1:$2")
            .replaceFirst("(T.*[-+][0-9]{2})$", "$1:00")
            .replaceFirst("z$", "Z")
            .replace(',', '.');
    if (!iso.matches("[-0-9]{10}T[0-9]{2}:[0-9]{2}.*")) {
      return Optional.empty();
    }
    return iso.matches(".*(Z|[-+][0-9]{2}:[0-9]{2})")
        ? Optional.of(OffsetDateTime.parse(iso).toInstant())
        : Optional.of(LocalDateTime.parse(iso).atZone(zone).toInstant());
  }

  /** ISO 8601 has a basic form, too: 20261124T100102. */
  private static String extended(String text) {
    return text.replaceFirst("^([0-9]{4})([0-9]{2})([0-9]{2})(?=$|[ tT])", "$1-$2-$3")
        .replaceFirst("(?<=^[-0-9]{10}[ tT])([0-9]{2})([0-9]{2})([0-9]{2})", "$1:$2:$3")
        .replaceFirst("(?<=^[-0-9]{10}[ tT])([0-9]{2})([0-9]{2})(?=$|[-+ zZ])", "$1:$2");
  }

  private static TypeConversionException unknown(String value) {
    return new TypeConversionException(
        "expected a time such as 2026-11-24, 2026-11-24T10:01:02, 2026-11-24T10:01:02+01:00, "
            + "or how long ago: 30s, 15m, 2h, 3d, 1w; got '"
            + value
            + "'");
  }
}
