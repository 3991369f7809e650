package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.config.Config.Listen;

/** Whether every smtpd leads its mail past our milter, and what it does when we are away. */
final class PostfixMilterCheck implements Check {
  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    subject.postfix().ifPresent(postfix -> look(subject.config(), postfix, findings));
    return findings;
  }

  private static void look(Config config, Postconf postfix, List<Finding> findings) {
    Listen listen = config.milter().listen();
    if (findItem(postfix.value("smtpd_milters"), listen, postfix, false).isEmpty()
        && findItem(postfix.value("smtpd_milters"), listen, postfix, true).isEmpty()) {
      String others = postfix.value("smtpd_milters");
      findings.add(
          Finding.configuration(
              Postconf.shown("smtpd_milters", others) + ": the journal's milter is not among them",
              postfix.set("smtpd_milters", together(others, listen, postfix))));
    }
    for (PostfixService smtpd : postfix.running("smtpd")) {
      service(config, postfix, smtpd, findings);
    }
    local(listen, postfix, findings);
    protocol(postfix, findings);
  }

  /** Our socket as smtpd must be told of it: with a path from the queue directory on. */
  private static String together(String others, Listen listen, Postconf postfix) {
    String ours = MilterList.postfixNotation(listen);
    if (listen instanceof Listen.Unix unix && unix.path().startsWith(postfix.queueDirectory())) {
      ours = "unix:" + postfix.queueDirectory().relativize(unix.path());
    }
    return others.isEmpty() ? ours : others + ", " + ours;
  }

  private static Optional<MilterList.Item> findItem(
      String value, Listen listen, Postconf postfix, boolean chrooted) {
    Path queue = postfix.queueDirectory();
    return MilterList.parse(value).stream()
        .filter(item -> MilterList.leadsTo(item.endpoint(), listen, queue, chrooted))
        .findFirst();
  }

  private static void service(
      Config config, Postconf postfix, PostfixService smtpd, List<Finding> findings) {
    Listen listen = config.milter().listen();
    boolean chrooted = postfix.isChrooted(smtpd);
    String value = postfix.value(smtpd, "smtpd_milters");
    Optional<MilterList.Item> item = findItem(value, listen, postfix, chrooted);
    if (postfix.value(smtpd, "receive_override_options").contains("no_milters")) {
      findings.add(
          Finding.warning(
              "receive_override_options of "
                  + smtpd.name()
                  + " has no_milters: mail that comes in there is not recorded",
              "right for mail that comes back from a content filter to be seen only once; else take"
                  + " no_milters out of it"));
      return;
    }
    if (item.isPresent()) {
      defaultAction(config, postfix, smtpd, item.get(), findings);
      behind(smtpd.name().toString(), value, item.get(), findings);
      return;
    }
    if (chrooted
        && MilterList.parse(value).stream().anyMatch(i -> MilterList.names(i.endpoint(), listen))) {
      findings.add(
          Finding.configuration(
              Postconf.shown("smtpd_milters", value)
                  + " for "
                  + smtpd.name()
                  + ": this service is chrooted, and looks for the"
                  + " socket under "
                  + postfix.queueDirectory(),
              "let milter.listen be a unix: path under "
                  + postfix.queueDirectory()
                  + ", and name it in smtpd_milters without that part"));
    } else if (smtpd.overrides().containsKey("smtpd_milters")) {
      findings.add(
          Finding.warning(
              Postconf.shown("smtpd_milters", value)
                  + " for "
                  + smtpd.name()
                  + ": mail that comes in there is not recorded",
              "right for mail that comes back from a content filter to be seen only once; else "
                  + postfix.set(smtpd, "smtpd_milters", together(value, listen, postfix))));
    }
  }

  private static void defaultAction(
      Config config,
      Postconf postfix,
      PostfixService smtpd,
      MilterList.Item item,
      List<Finding> findings) {
    String action =
        item.defaultAction().orElseGet(() -> postfix.value(smtpd, "milter_default_action"));
    boolean meant = action.equals("accept") && config.onFailure() == Config.OnFailure.ACCEPT;
    if (action.equals("tempfail") || action.isEmpty() || meant) {
      return;
    }
    String effect =
        switch (action) {
          case "accept" -> "while the daemon is away, mail passes unrecorded";
          case "reject" -> "while the daemon is away, mail is refused for good";
          case "quarantine" -> "while the daemon is away, mail is put on hold";
          default -> "while the daemon is away, Postfix does not ask clients to come again";
        };
    Finding finding =
        Finding.configuration(
            "milter_default_action = " + action + " for " + smtpd.name() + ": " + effect,
            tempfail(postfix, smtpd)
                + (action.equals("accept")
                    ? ", or set on-failure = accept to say that it is meant"
                    : ""));
    findings.add(finding);
  }

  /** smtpd(8) and cleanup(8) ask them in turn, and the end of a message ends with the last. */
  private static void behind(
      String place, String value, MilterList.Item ours, List<Finding> findings) {
    List<MilterList.Item> all = MilterList.parse(value);
    List<String> later =
        all.subList(all.indexOf(ours) + 1, all.size()).stream()
            .map(MilterList.Item::endpoint)
            .toList();
    if (!later.isEmpty()) {
      findings.add(MilterList.behind("milter " + String.join(", ", later) + " of " + place));
    }
  }

  private static String tempfail(Postconf postfix, PostfixService smtpd) {
    String name = "milter_default_action";
    return smtpd.overrides().containsKey(name)
        ? postfix.set(smtpd, name, "tempfail")
        : postfix.set(name, "tempfail");
  }

  /** sendmail(1) hands mail to pickup and cleanup, past every smtpd. */
  private static void local(Listen listen, Postconf postfix, List<Finding> findings) {
    String value = postfix.value("non_smtpd_milters");
    Optional<MilterList.Item> item =
        findItem(value, listen, postfix, false).or(() -> findItem(value, listen, postfix, true));
    if (item.isPresent()) {
      behind("non_smtpd_milters", value, item.get(), findings);
    } else {
      findings.add(
          Finding.warning(
              Postconf.shown("non_smtpd_milters", value)
                  + ": mail that programs of this machine hand to sendmail(1) is not recorded",
              postfix.set("non_smtpd_milters", together(value, listen, postfix))));
    }
  }

  private static void protocol(Postconf postfix, List<Finding> findings) {
    String protocol = postfix.value("milter_protocol");
    if (!protocol.isEmpty() && !protocol.startsWith("6")) {
      findings.add(
          Finding.configuration(
              "milter_protocol = " + protocol + ": refused recipients and macro lists need 6",
              postfix.set("milter_protocol", "6")));
    }
  }
}
