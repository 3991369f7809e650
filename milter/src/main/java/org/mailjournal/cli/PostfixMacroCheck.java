package org.mailjournal.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether Postfix tells the milter all that a record is made of. */
final class PostfixMacroCheck implements Check {
  /** What is sent, in which list, and what is missing in a record without it. */
  private record Need(String list, String macro, boolean vital, String without) {}

  private static final List<Need> NEEDS =
      List.of(
          new Need("milter_connect_macros", "j", true, "no message can be told from another MTA's"),
          new Need("milter_end_of_data_macros", "i", true, "no message has its queue id"),
          new Need("milter_rcpt_macros", "rcpt_mailer", false, "refused recipients are not seen"),
          new Need("milter_rcpt_macros", "rcpt_host", false, "refusals have no status code"),
          new Need("milter_rcpt_macros", "rcpt_addr", false, "refusals have no text"),
          new Need("milter_mail_macros", "auth_authen", false, "login names are not recorded"),
          new Need("milter_helo_macros", "tls_version", false, "TLS is not recorded"),
          new Need("milter_helo_macros", "cipher", false, "TLS ciphers are not recorded"));

  @Override
  public List<Finding> findings(Subject subject) {
    return subject.postfix().stream()
        .flatMap(
            postfix ->
                missing(postfix).entrySet().stream()
                    .map(list -> finding(postfix, list.getKey(), list.getValue())))
        .toList();
  }

  /** By list: a cure for each macro alone would undo the others. */
  private static Map<String, List<Need>> missing(Postconf postfix) {
    return NEEDS.stream()
        .filter(need -> !macros(postfix, need).contains(need.macro()))
        .collect(Collectors.groupingBy(Need::list, LinkedHashMap::new, Collectors.toList()));
  }

  private static Set<String> macros(Postconf postfix, Need need) {
    String value = postfix.value(need.list()).replaceAll("[{},]", " ").strip();
    return Set.copyOf(new java.util.HashSet<>(List.of(value.split("\\s+", -1))));
  }

  private static Finding finding(Postconf postfix, String list, List<Need> needs) {
    String value = postfix.value(list);
    String problem =
        Postconf.shown(list, value)
            + ": "
            + needs.stream()
                .map(need -> "without {" + need.macro() + "} " + need.without())
                .collect(Collectors.joining(", "));
    String macros =
        needs.stream().map(need -> "{" + need.macro() + "}").collect(Collectors.joining(" "));
    String cure = postfix.set(list, (value + " " + macros).strip());
    return needs.stream().anyMatch(Need::vital)
        ? Finding.configuration(problem, cure)
        : Finding.warning(problem, cure);
  }
}
