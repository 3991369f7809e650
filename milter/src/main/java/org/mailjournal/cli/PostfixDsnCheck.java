package org.mailjournal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The mark that makes Postfix write down successes, and what would lose it on its way. */
final class PostfixDsnCheck implements Check {
  /** Where etc/install puts it. */
  private static final String ENABLE = "/usr/share/mailjournal/postfix/enable";

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    if (subject.config().postfix().isPresent()) {
      subject
          .postfix()
          .ifPresent(
              postfix -> {
                offered(postfix, findings);
                marked(postfix, findings);
                kept(postfix, "smtp", "smtp_discard_ehlo_keywords", findings);
                kept(postfix, "lmtp", "lmtp_discard_lhlo_keywords", findings);
              });
    }
    return findings;
  }

  /** Without DSN, smtpd refuses the marked RCPT: 501 5.7.1 DSN support is disabled. */
  private static void offered(Postconf postfix, List<Finding> findings) {
    String name = "smtpd_discard_ehlo_keywords";
    if (keywords(postfix.value(name)).contains("dsn")) {
      findings.add(
          Finding.configuration(
              name
                  + " = "
                  + postfix.value(name)
                  + ": with dsn in it, smtpd refuses all mail that is marked",
              postfix.set(name, without(postfix.value(name)))));
    }
    for (PostfixService smtpd : postfix.running("smtpd")) {
      String own = smtpd.overrides().getOrDefault(name, "");
      if (keywords(own).contains("dsn")) {
        findings.add(
            Finding.configuration(
                name
                    + " = "
                    + own
                    + " for "
                    + smtpd.name()
                    + ": with dsn in it, smtpd refuses all mail that is marked",
                postfix.set(smtpd, name, without(own))));
      }
    }
  }

  private static void marked(Postconf postfix, List<Finding> findings) {
    String name = "smtpd_command_filter";
    String value = postfix.value(name);
    if (value.isEmpty()) {
      findings.add(
          Finding.configuration(
              name
                  + " is empty: recipients are not marked, so Postfix does not write down successes",
              "run " + ENABLE + " -c " + postfix.directory() + ", which installs the filter"));
    } else if (isMissing(value)) {
      findings.add(
          Finding.configuration(
              name + " = " + value + ": there is no such file, so smtpd refuses all mail",
              "run " + ENABLE + " -c " + postfix.directory() + " again"));
    }
    for (PostfixService smtpd : postfix.running("smtpd")) {
      if (!value.isEmpty() && smtpd.overrides().getOrDefault(name, value).isEmpty()) {
        findings.add(
            Finding.warning(
                name
                    + " is empty for "
                    + smtpd.name()
                    + ": successes of mail from there are not written down",
                "remove that -o from master.cf, unless the mail was marked when it first came in"));
      }
    }
  }

  /** Only of tables that are read from the file itself. */
  private static boolean isMissing(String table) {
    return table.matches("(regexp|pcre):/\\S+")
        && !Files.exists(Path.of(table.substring(table.indexOf(':') + 1)));
  }

  /** A next hop that is offered our NOTIFY takes over the duty, and no trace record is written. */
  private static void kept(Postconf postfix, String command, String name, List<Finding> findings) {
    String value = postfix.value(name);
    if (!keywords(value).contains("dsn")) {
      findings.add(
          Finding.configuration(
              Postconf.shown(name, value)
                  + ": a next hop that offers DSN gets our mark, and Postfix writes no record",
              postfix.set(name, value.isEmpty() ? "dsn" : value + ", dsn")));
    }
    for (PostfixService client : postfix.running(command)) {
      String own = client.overrides().getOrDefault(name, "dsn");
      if (!keywords(own).contains("dsn")) {
        findings.add(
            Finding.configuration(
                Postconf.shown(name, own)
                    + " for "
                    + client.name()
                    + ": a next hop that offers DSN gets our mark",
                postfix.set(client, name, own.isEmpty() ? "dsn" : own + ",dsn")));
      }
    }
  }

  private static Set<String> keywords(String value) {
    return new java.util.HashSet<>(List.of(value.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)));
  }

  private static String without(String value) {
    return String.join(
        ", ",
        java.util.Arrays.stream(value.split("[,\\s]+", -1))
            .filter(word -> !word.equalsIgnoreCase("dsn"))
            .toList());
  }
}
