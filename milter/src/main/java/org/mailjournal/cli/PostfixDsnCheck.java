package org.mailjournal.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What would make smtpd refuse the mark that makes Postfix write down successes, or lose it. */
final class PostfixDsnCheck implements Check {
  private static final String OFFERED = "smtpd_discard_ehlo_keywords";
  private static final String OFFERED_MAPS = "smtpd_discard_ehlo_keyword_address_maps";

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    if (subject.config().postfix().isPresent()) {
      subject
          .postfix()
          .ifPresent(
              postfix -> {
                offered(postfix, findings);
                kept(postfix, "smtp", "smtp_discard_ehlo_keyword", findings);
                kept(postfix, "lmtp", "lmtp_discard_lhlo_keyword", findings);
              });
    }
    return findings;
  }

  /** Without DSN, smtpd refuses the marked RCPT: 501 5.7.1 DSN support is disabled. */
  private static void offered(Postconf postfix, List<Finding> findings) {
    String value = postfix.value(OFFERED);
    if (keywords(value).contains("dsn")) {
      String cure = postfix.set(OFFERED, without(value));
      findings.add(refused(OFFERED + " = " + value, "all mail that is marked", cure));
    }
    offeredByMaps(postfix, postfix.value(OFFERED_MAPS), "", findings);
    for (PostfixService smtpd : postfix.running("smtpd")) {
      String place = " for " + smtpd.name();
      String own = smtpd.overrides().getOrDefault(OFFERED, "");
      if (keywords(own).contains("dsn")) {
        String cure = postfix.set(smtpd, OFFERED, without(own));
        findings.add(refused(OFFERED + " = " + own + place, "all mail that is marked", cure));
      }
      offeredByMaps(postfix, smtpd.overrides().getOrDefault(OFFERED_MAPS, ""), place, findings);
    }
  }

  private static void offeredByMaps(
      Postconf postfix, String value, String place, List<Finding> findings) {
    KeywordMaps maps = new KeywordMaps(value);
    String reload = ", and: postfix -c " + postfix.directory() + " reload";
    if (maps.haveDsn()) {
      findings.add(
          refused(
              OFFERED_MAPS + " = " + value + place,
              "the mail of those clients (501 5.7.1)",
              "take dsn out of it" + reload));
    }
    for (String unread : maps.unread()) {
      findings.add(
          Finding.warning(
              OFFERED_MAPS
                  + place
                  + ": "
                  + unread
                  + " was not checked; a client for which it discards dsn has its mail refused (501"
                  + " 5.7.1)",
              "see that dsn is not in it; if it is, take it out" + reload));
    }
  }

  private static Finding refused(String setting, String what, String cure) {
    return Finding.configuration(setting + ": with dsn in it, smtpd refuses " + what, cure);
  }

  /** A next hop that is offered our NOTIFY takes over the duty, and no trace record is written. */
  private static void kept(Postconf postfix, String command, String stem, List<Finding> findings) {
    String name = stem + "s";
    String value = postfix.value(name);
    if (!keywords(value).contains("dsn")) {
      findings.add(
          Finding.configuration(
              Postconf.shown(name, value)
                  + ": a next hop that offers DSN gets our mark, and Postfix writes no record",
              postfix.set(name, value.isEmpty() ? "dsn" : value + ", dsn")));
    }
    keptByMaps(stem, postfix.value(stem + "_address_maps"), "", findings);
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
      String ownMaps = client.overrides().getOrDefault(stem + "_address_maps", "");
      keptByMaps(stem, ownMaps, " for " + client.name(), findings);
    }
  }

  private static void keptByMaps(String stem, String value, String place, List<Finding> findings) {
    KeywordMaps maps = new KeywordMaps(value);
    if (!maps.isEmpty() && !maps.alwaysHaveDsn()) {
      findings.add(
          Finding.warning(
              stem
                  + "_address_maps = "
                  + value
                  + place
                  + ": decides in place of "
                  + stem
                  + "s for the servers that it lists; where its answer has no dsn, a next hop that"
                  + " offers DSN gets our mark, and Postfix writes no record",
              "let each of its answers have dsn"));
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
