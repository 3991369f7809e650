package org.mailjournal.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which tables of Postfix make it take mail of which no milter hears the end. */
final class PostfixActionCheck implements Check {
  private static final List<String> CONTENT =
      List.of("header_checks", "mime_header_checks", "nested_header_checks", "body_checks");

  private static final List<String> RESTRICTIONS =
      List.of(
          "smtpd_client_restrictions",
          "smtpd_helo_restrictions",
          "smtpd_sender_restrictions",
          "smtpd_relay_restrictions",
          "smtpd_recipient_restrictions",
          "smtpd_data_restrictions",
          "smtpd_end_of_data_restrictions");

  private static final String CLASSES = "smtpd_restriction_classes";
  private static final String DISCARD = "DISCARD";

  /** All of them clear CLEANUP_FLAG_MILTER (cleanup_message.c). */
  private static final Set<String> PAST_MILTERS = Set.of("PASS", "REDIRECT", DISCARD);

  private static final String LATE =
      " in it keeps the end of a message from every milter: the journal has such a message when the"
          + " queue manager tells of it, without TLS, hashes and receipt, and its sender gets no"
          + " report of success";

  private static final String NEVER =
      " in it throws mail away of which the client was told 250, and the journal has nothing of it";

  @Override
  public List<Finding> findings(Subject subject) {
    Set<Finding> findings = new LinkedHashSet<>();
    subject.postfix().ifPresent(postfix -> look(postfix, findings));
    return List.copyOf(findings);
  }

  private static void look(Postconf postfix, Set<Finding> findings) {
    for (String name : CONTENT) {
      content(name, postfix.value(name), "", findings);
      for (PostfixService cleanup : postfix.running("cleanup")) {
        String own = cleanup.overrides().getOrDefault(name, "");
        content(name, own, " for " + cleanup.name(), findings);
      }
    }
    List<String> names = new ArrayList<>(RESTRICTIONS);
    names.addAll(words(postfix.value(CLASSES)));
    for (String name : names) {
      access(name, postfix.value(name), "", findings);
      for (PostfixService smtpd : postfix.running("smtpd")) {
        String own = smtpd.overrides().getOrDefault(name, "");
        access(name, own, " for " + smtpd.name(), findings);
      }
    }
  }

  private static void content(String name, String value, String place, Set<Finding> findings) {
    ActionTables tables = new ActionTables(maps(value, true), PAST_MILTERS);
    String setting = name + " = " + value + place + ": ";
    Set<String> late = new TreeSet<>(tables.found());
    if (late.remove(DISCARD)) {
      findings.add(Finding.warning(setting + DISCARD + NEVER, "REJECT there where that will do"));
    }
    if (!late.isEmpty()) {
      findings.add(
          Finding.warning(
              setting + String.join(" or ", late) + LATE,
              "where that will do, DUNNO in place of PASS, and REDIRECT in an access table"
                  + " (check_sender_access), which milters do not miss"));
    }
    for (String unread : tables.unread()) {
      findings.add(
          Finding.warning(
              setting
                  + unread
                  + " was not looked through; DISCARD, PASS and REDIRECT in it keep mail from every"
                  + " milter",
              "see that they are not in it"));
    }
  }

  private static void access(String name, String value, String place, Set<Finding> findings) {
    ActionTables tables = new ActionTables(maps(value, false), Set.of(DISCARD));
    if (!tables.found().isEmpty()) {
      findings.add(
          Finding.warning(
              name + " = " + value + place + ": " + DISCARD + NEVER,
              "REJECT there where that will do"));
    }
  }

  /** Tables, each as a setting names it; in restrictions those of access(5) only. */
  private static List<String> maps(String value, boolean all) {
    List<String> maps = new ArrayList<>();
    if (value.contains("inline:") || value.contains("static:")) {
      maps.add("inline:" + value);
    }
    boolean isNext = all;
    for (String word : words(value.replaceAll("inline:\\{.*\\}|static:\\S+", " "))) {
      if (isNext && word.matches("[a-z]+:.+")) {
        maps.add(word);
      }
      isNext = all || word.matches("check_[a-z_]+_access");
    }
    return maps;
  }

  private static List<String> words(String value) {
    return List.of(value.strip().split("[,\\s]+", -1));
  }
}
