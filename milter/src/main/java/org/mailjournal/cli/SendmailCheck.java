package org.mailjournal.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.config.Config;
import org.mailjournal.config.Config.Listen;
import org.mailjournal.config.ListenNotation;
import org.mailjournal.receipt.FileWords;

/** Whether a sendmail.cf leads mail past our milter on its way in, and past our relay out. */
final class SendmailCheck {
  private static final String CURE =
      "take FEATURE(`mailjournal') into sendmail.mc in front of MAILER, make sendmail.cf, restart"
          + " sendmail";
  private static final Set<String> OUTWARD = Set.of("smtp", "esmtp", "smtp8", "dsmtp", "relay");
  private static final Pattern FILTER = Pattern.compile("(?m)^X([^,\\s]+)\\s*,(.*)$");
  private static final Pattern INPUT = Pattern.compile("(?m)^O\\s*InputMailFilters\\s*=\\s*(.*)$");

  /** A line and those that continue it. */
  private static final Pattern MAILER =
      Pattern.compile("(?m)^M([^,\\s]+)\\s*,(.*(?:\\n[ \\t].*)*)");

  private static final Pattern SOCKET = Pattern.compile("S=([^,\\s]+)");
  private static final Pattern ARGUMENTS = Pattern.compile("A=([^\\n]*)");

  private final Config config;
  private final Path file;
  private final List<Finding> findings = new ArrayList<>();

  private SendmailCheck(Config config, Path file) {
    this.config = config;
    this.file = file;
  }

  static List<Finding> findings(Config config, Path file) {
    SendmailCheck check = new SendmailCheck(config, file);
    try {
      // Any byte is a character here, so that no old comment can hide the rest.
      check.look(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException none) {
      check.problem("there is no such file", "name sendmail's own with --sendmail-cf");
    } catch (IOException cause) {
      check.problem(
          "cannot be read (" + FileWords.of(cause) + ")",
          "run this as root, or name another with --sendmail-cf");
    }
    return check.findings;
  }

  private void problem(String problem, String cure) {
    findings.add(Finding.configuration(file + ": " + problem, cure));
  }

  private void look(String cf) {
    filter(cf);
    if (config.egress().isEmpty()) {
      problem(
          "egress.listen is not set: what becomes of recipients is not recorded",
          "set egress.listen = \"inet:2526@127.0.0.1\" in " + config.file());
      return;
    }
    Map<String, String> relayed = new TreeMap<>();
    Matcher mailer = MAILER.matcher(cf);
    while (mailer.find()) {
      if (leadsTo(config.egress().get().listen(), mailer.group(2))) {
        relayed.put(mailer.group(1), mailer.group(2));
      } else if (OUTWARD.contains(mailer.group(1))) {
        direct(mailer.group(1), mailer.group(2), config.egress().get().listen());
      }
    }
    findings.addAll(new HostStatusCheck(file, cf).findings(relayed));
    lookups(relayed);
  }

  /**
   * Flag 0 keeps sendmail from looking exchangers up (hostsignature() in deliver.c of 8.17). Others
   * than these, an administrator's own, do not send to all the world.
   */
  private void lookups(Map<String, String> relayed) {
    List<String> asking =
        HostStatusCheck.without("0", relayed).stream().filter(OUTWARD::contains).toList();
    if (!asking.isEmpty()) {
      problem(
          "mailer "
              + String.join(", ", asking)
              + " has no 0 in its F=: sendmail sends to all domains that share an exchanger at once,"
              + " of which the relay serves one, and the others wait for the next queue runs",
          HostStatusCheck.CURE);
    }
  }

  private void filter(String cf) {
    Matcher input = INPUT.matcher(cf);
    List<String> active =
        input.find() ? List.of(input.group(1).strip().split("\\s*[,;]\\s*", -1)) : List.of();
    Matcher filter = FILTER.matcher(cf);
    while (filter.find()) {
      if (active.contains(filter.group(1)) && leadsHere(filter.group(2))) {
        if (!filter.group(2).matches(".*\\bF=T\\b.*") && isTempfail()) {
          problem(
              "filter "
                  + filter.group(1)
                  + " has no F=T: while the daemon is away, mail passes"
                  + " unrecorded",
              CURE + ", or set on-failure = accept to say that it is meant");
        }
        behind(active.subList(active.indexOf(filter.group(1)) + 1, active.size()));
        return;
      }
    }
    problem("no input filter of it is the journal's milter at " + config.milter().listen(), CURE);
  }

  private void behind(List<String> later) {
    if (!later.isEmpty()) {
      findings.add(MilterList.behind(file + ": filter " + String.join(", ", later)));
    }
  }

  private boolean isTempfail() {
    return config.onFailure() == Config.OnFailure.TEMPFAIL;
  }

  private boolean leadsHere(String equates) {
    Matcher socket = SOCKET.matcher(equates);
    return socket.find()
        && ListenNotation.parse(socket.group(1))
            .filter(place -> isSame(place, config.milter().listen()))
            .isPresent();
  }

  private static boolean isSame(Listen one, Listen other) {
    return one.equals(other)
        || (one instanceof Listen.Inet a
            && other instanceof Listen.Inet b
            && a.port() == b.port()
            && ListenNotation.isLoopback(a)
            && ListenNotation.isLoopback(b));
  }

  private static boolean leadsTo(Listen relay, String equates) {
    return place(arguments(equates)).filter(place -> isSame(place, relay)).isPresent();
  }

  private static String arguments(String equates) {
    Matcher arguments = ARGUMENTS.matcher(equates);
    return arguments.find() ? arguments.group(1).strip() : "";
  }

  private void direct(String name, String equates, Listen relay) {
    problem(
        "mailer "
            + name
            + " has A="
            + arguments(equates)
            + ": what goes out by it does not run through the relay at "
            + relay,
        CURE);
  }

  /** {@code TCP [127.0.0.1] 2526}; {@code TCP $h} is any host. */
  private static Optional<Listen> place(String arguments) {
    String[] words = arguments.split("\\s+", -1);
    return words.length == 3 && words[1].startsWith("[")
        ? ListenNotation.parse(
            "inet:" + words[2] + "@" + words[1].replaceAll("[\\[\\]]|(?i)IPv6:", ""))
        : Optional.empty();
  }
}
