package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether smtpd's command filter marks recipients, so that Postfix writes down successes. */
final class PostfixMarkCheck implements Check {
  private static final String NAME = "smtpd_command_filter";

  /** Where etc/install puts what connects a Postfix. */
  static final String INSTALLED = "/usr/share/mailjournal/postfix/";

  private static final String RULES =
      "put the rules of " + INSTALLED + MarkTableCheck.TABLE + " at the end of that table";

  private static final String UNMARKED =
      ", so recipients are not marked as they should be, and Postfix does not write down all"
          + " successes";

  /** As behind a content filter, whose mail may have the mark. */
  private static final String UNLESS_MARKED = "unless the mail was marked when it first came in";

  /** What {@code enable} asks of a filter that is not ours. */
  private static final Map<String, String> MARKED =
      new TreeMap<>(
          Map.of(
              "RCPT TO:<a@b.test>",
              "RCPT TO:<a@b.test> NOTIFY=sUCCESS,FAILURE,dELAY",
              "RCPT TO:<a@b.test> NOTIFY=NEVER",
              "RCPT TO:<a@b.test> NOTIFY=sUCCESS",
              "RCPT TO:<a@b.test> NOTIFY=sUCCESS",
              "RCPT TO:<a@b.test> NOTIFY=SUCCESS",
              "RCPT TO:<a@b.test> NOTIFY=DELAY",
              "RCPT TO:<a@b.test> NOTIFY=DELAY,sUCCESS"));

  private final TableReader reader;

  PostfixMarkCheck(TableReader reader) {
    this.reader = reader;
  }

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    if (subject.config().postfix().isPresent()) {
      subject.postfix().ifPresent(postfix -> look(postfix, findings));
    }
    return findings;
  }

  private void look(Postconf postfix, List<Finding> findings) {
    String value = postfix.value(NAME);
    if (value.isEmpty()) {
      findings.add(
          Finding.configuration(
              NAME
                  + " is empty: recipients are not marked, so Postfix does not write down successes",
              enable(postfix) + ", which installs the filter"));
    } else {
      filter(postfix, value, "", findings);
    }
    for (PostfixService smtpd : postfix.running("smtpd")) {
      String own = postfix.value(smtpd, NAME);
      String proxy = postfix.value(smtpd, "smtpd_proxy_filter");
      if (!own.isEmpty() && !proxy.isEmpty()) {
        findings.add(proxied(postfix, smtpd, proxy));
      }
      if (!value.isEmpty() && own.isEmpty()) {
        findings.add(
            Finding.warning(
                NAME
                    + " is empty for "
                    + smtpd.name()
                    + ": successes of mail from there are not written down",
                "remove that -o from master.cf, " + UNLESS_MARKED));
      } else if (!own.equals(value)) {
        filter(postfix, own, " for " + smtpd.name(), findings);
      }
    }
  }

  /** smtpd.c hands RCPT on as its command filter left it, and few filters speak DSN. */
  private static Finding proxied(Postconf postfix, PostfixService smtpd, String proxy) {
    return Finding.warning(
        "smtpd_proxy_filter = "
            + proxy
            + " for "
            + smtpd.name()
            + ": a filter that does not speak DSN refuses marked recipients, and so all mail",
        "if it does not, let the smtpd behind it mark them: " + postfix.set(smtpd, NAME, ""));
  }

  private void filter(Postconf postfix, String filter, String place, List<Finding> findings) {
    String setting = NAME + " = " + filter + place + ": ";
    if (isMissing(filter)) {
      findings.add(
          Finding.configuration(
              setting + "there is no such file, so smtpd refuses all mail",
              place.isEmpty() ? enable(postfix) + " again" : "remove that -o from master.cf"));
      return;
    }
    try {
      unmarked(postfix, filter)
          .map(what -> setting + what + UNMARKED)
          .map(
              problem ->
                  place.isEmpty()
                      ? Finding.configuration(
                          problem, RULES + ", or take it out and " + enable(postfix))
                      : Finding.warning(problem, RULES + ", " + UNLESS_MARKED))
          .ifPresent(findings::add);
    } catch (IOException unanswered) {
      findings.add(
          Finding.warning(
              setting + "whether it marks recipients cannot be asked: " + unanswered.getMessage(),
              "see what it says: postmap -c "
                  + postfix.directory()
                  + " -q 'RCPT TO:<a@b.test>' '"
                  + filter
                  + "'"));
    }
  }

  private static String enable(Postconf postfix) {
    return "run " + INSTALLED + "enable -c " + postfix.directory();
  }

  /** Only of tables that are read from the file itself. */
  private static boolean isMissing(String table) {
    return table.matches("(regexp|pcre):/\\S+")
        && !Files.exists(Path.of(table.substring(table.indexOf(':') + 1)));
  }

  /** What it makes of a command that it should change in another way. */
  private Optional<String> unmarked(Postconf postfix, String filter) throws IOException {
    for (Map.Entry<String, String> command : MARKED.entrySet()) {
      Optional<String> answer = reader.answer(postfix.directory(), filter, command.getKey());
      if (!answer.equals(Optional.of(command.getValue()))) {
        return Optional.of(
            "of '"
                + command.getKey()
                + "' it makes "
                + answer.map(words -> "'" + words + "'").orElse("nothing"));
      }
    }
    return Optional.empty();
  }
}
