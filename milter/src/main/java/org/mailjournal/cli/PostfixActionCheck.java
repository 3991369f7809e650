package org.mailjournal.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  /**
   * Behind a milter that adds or changes a header field. Only DISCARD ends a message before the
   * milters behind that one have heard all of it (cleanup_milter_hbc_extend).
   */
  private static final String OF_MILTERS = "milter_header_checks";

  /** A table that stands in the setting itself: inline, static, and patterns, too. */
  private static final Pattern INLINE = Pattern.compile("[a-z]+:\\{");

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
      each(postfix, "cleanup", name, (value, place) -> content(name, value, place, findings));
    }
    Set<String> unread = new TreeSet<>();
    if (hasOtherMilters(postfix)) {
      discarded(postfix, "cleanup", OF_MILTERS, findings, unread);
    }
    for (String name : RESTRICTIONS) {
      discarded(postfix, "smtpd", name, findings, unread);
    }
    for (String name : words(postfix.value(CLASSES))) {
      discarded(postfix, "smtpd", name, findings, unread);
    }
    if (!unread.isEmpty()) {
      findings.add(
          Finding.warning(
              "not looked through: " + String.join(", ", unread) + "; " + DISCARD + NEVER,
              "see that it is not in them"));
    }
  }

  private static boolean hasOtherMilters(Postconf postfix) {
    return Stream.concat(
            Stream.of(postfix.value("smtpd_milters"), postfix.value("non_smtpd_milters")),
            postfix.running("smtpd").stream().map(s -> postfix.value(s, "smtpd_milters")))
        .anyMatch(milters -> MilterList.parse(milters).size() > 1);
  }

  /** The values that a setting has in main.cf and for single services, with the words for where. */
  private static void each(
      Postconf postfix, String program, String name, BiConsumer<String, String> visitor) {
    visitor.accept(postfix.value(name), "");
    for (PostfixService service : postfix.running(program)) {
      visitor.accept(service.overrides().getOrDefault(name, ""), " for " + service.name());
    }
  }

  private static void content(String name, String value, String place, Set<Finding> findings) {
    ActionTables tables = new ActionTables(maps(value), PAST_MILTERS);
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

  private static void discarded(
      Postconf postfix, String program, String name, Set<Finding> findings, Set<String> unread) {
    each(
        postfix,
        program,
        name,
        (value, place) -> {
          ActionTables tables = new ActionTables(maps(value), Set.of(DISCARD));
          if (!tables.found().isEmpty()) {
            findings.add(
                Finding.warning(
                    name + " = " + value + place + ": " + DISCARD + NEVER,
                    "REJECT there where that will do"));
          }
          unread.addAll(tables.unread());
        });
  }

  /**
   * Tables, each as a setting names it. In restrictions that is what has a colon, behind
   * check_*_access or without it (smtpd_check.c, generic_checks), unless it is a policy server.
   */
  private static List<String> maps(String value) {
    List<String> maps = new ArrayList<>();
    String rest = value;
    Matcher inline = INLINE.matcher(rest);
    while (inline.find()) {
      int end = closing(rest, inline.end());
      maps.add("inline:" + rest.substring(inline.end(), end));
      rest = rest.substring(0, inline.start()) + " " + rest.substring(end);
      inline = INLINE.matcher(rest);
    }
    for (String word : words(rest)) {
      if (word.matches("(?!inet:|unix:)[a-z]+:.+")) {
        maps.add(word);
      }
    }
    return maps;
  }

  /** Where the brace that was opened before a place is closed. */
  private static int closing(String text, int from) {
    int depth = 1;
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '{') {
        depth++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    return text.length();
  }

  private static List<String> words(String value) {
    return List.of(value.strip().split("[,{}\\s]+", -1));
  }
}
