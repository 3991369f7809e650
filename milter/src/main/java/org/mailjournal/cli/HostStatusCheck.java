package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a sendmail believes its notes of hosts. To one that sends through our relay every next
 * hop is one host, so that the trouble of one holds up the mail to all, without a word to us
 * (mci_get() in mci.c, and who calls it in deliver.c, of 8.17).
 *
 * @param file for the words
 * @param cf what is in it
 */
record HostStatusCheck(Path file, String cf) {
  /** Of an older feature. */
  static final String CURE =
      "copy /usr/share/mailjournal/sendmail/feature/mailjournal.m4 anew to where sendmail's"
          + " features are, let no line behind FEATURE(`mailjournal') say otherwise, make"
          + " sendmail.cf, restart sendmail";

  /** Sendmail's own, where the file does not say. */
  private static final String USUAL_TIMEOUT = "30m";

  private static final Pattern FLAGS = Pattern.compile("(?:^|[,\\s])F=([^,\\s]*)");

  /**
   * @param mailers those that lead to the relay: their equates by their names
   */
  List<Finding> findings(Map<String, String> mailers) {
    List<Finding> findings = new ArrayList<>();
    if (mailers.isEmpty()) {
      return findings;
    }
    String timeout = option("Timeout.hoststatus").orElse(USUAL_TIMEOUT);
    if (!timeout.matches("(?:0+[smhdw]?)+")) {
      findings.add(
          problem(
              "Timeout.hoststatus is "
                  + timeout
                  + ": for as long, one destination's trouble holds up the mail to all others,"
                  + " and nothing of it is recorded",
              CURE));
    }
    if (option("HostStatusDirectory").isPresent()) {
      findings.addAll(shared(mailers));
    }
    option("FallbackSmartHost").map(this::fallback).ifPresent(findings::add);
    return findings;
  }

  /**
   * Asked at the port that stands in the mailer (should_try_fbsh() and its callers in deliver.c).
   */
  private Finding fallback(String host) {
    return problem(
        "FallbackSmartHost is "
            + host
            + ": while the daemon is away mail goes there, to the relay's port and past the journal",
        "take confFALLBACK_SMARTHOST out of sendmail.mc, make sendmail.cf, restart sendmail");
  }

  /** What can only go wrong where its processes share their notes. */
  private List<Finding> shared(Map<String, String> mailers) {
    List<Finding> findings = new ArrayList<>();
    List<String> reading = without("W", mailers);
    if (!reading.isEmpty()) {
      findings.add(
          problem(
              "HostStatusDirectory is set, and mailer "
                  + String.join(", ", reading)
                  + " has no W in its F=: while one delivery ends, others that begin are put off,"
                  + " and nothing of it is recorded",
              CURE));
    }
    if (option("SingleThreadDelivery").filter(value -> value.matches("(?i)[ty].*")).isPresent()) {
      findings.add(
          problem(
              "SingleThreadDelivery is set: while one message goes out, all others are put off",
              "take confSINGLE_THREAD_DELIVERY out of sendmail.mc, make sendmail.cf, restart"
                  + " sendmail"));
    }
    return findings;
  }

  /** The last one counts. */
  private Optional<String> option(String name) {
    Matcher line =
        Pattern.compile("(?im)^O\\s*" + Pattern.quote(name) + "\\s*=[ \\t]*(\\S+)").matcher(cf);
    Optional<String> value = Optional.empty();
    while (line.find()) {
      value = Optional.of(line.group(1));
    }
    return value;
  }

  /** Those of some mailers that have not this flag in their F=. */
  static List<String> without(String flag, Map<String, String> mailers) {
    return mailers.entrySet().stream()
        .filter(mailer -> !flags(mailer.getValue()).contains(flag))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String flags(String equates) {
    Matcher flags = FLAGS.matcher(equates);
    return flags.find() ? flags.group(1) : "";
  }

  private Finding problem(String problem, String cure) {
    return Finding.configuration(file + ": " + problem, cure);
  }
}
