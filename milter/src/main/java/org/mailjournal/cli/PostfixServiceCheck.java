package org.mailjournal.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who is led to our three private services: the queue manager, and nobody else. */
final class PostfixServiceCheck implements Check {
  static final Map<String, String> OURS =
      new TreeMap<>(
          Map.of(
              "trace_service_name", "journal-trace",
              "bounce_service_name", "journal-bounce",
              "defer_service_name", "journal-defer"));

  private static final Set<String> QUEUE_MANAGERS = Set.of("qmgr", "oqmgr", "nqmgr");

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    if (subject.config().postfix().isEmpty() || subject.postfix().isEmpty()) {
      return findings;
    }
    Postconf postfix = subject.postfix().get();
    for (String name : OURS.keySet()) {
      everybody(postfix, name, findings);
      for (PostfixService service : postfix.services()) {
        if (QUEUE_MANAGERS.contains(service.command())) {
          queueManager(postfix, service, name, findings);
        } else {
          other(postfix, service, name, findings);
        }
      }
    }
    return findings;
  }

  private static void queueManager(
      Postconf postfix, PostfixService qmgr, String name, List<Finding> findings) {
    String expected = OURS.get(name);
    String own = qmgr.overrides().getOrDefault(name, "");
    if (!own.equals(expected)) {
      findings.add(
          Finding.configuration(
              name
                  + " for "
                  + qmgr.name()
                  + (own.isEmpty() ? " is not set" : " = " + own)
                  + ": the queue manager does not tell us what became of recipients",
              postfix.set(qmgr, name, expected)));
    }
  }

  /** Seen: with our sockets away, a delivered message was deferred and delivered again. */
  private static void other(
      Postconf postfix, PostfixService service, String name, List<Finding> findings) {
    String own = service.overrides().getOrDefault(name, "");
    if (OURS.containsValue(own)) {
      findings.add(
          Finding.configuration(
              name
                  + " = "
                  + own
                  + " for "
                  + service.name()
                  + ": DANGER, delivers mail twice when the daemon is away; only qmgr may have this",
              "remove that -o from master.cf: postconf -c "
                  + postfix.directory()
                  + " -PX '"
                  + service.name()
                  + "/"
                  + name
                  + "'"));
    }
  }

  private static void everybody(Postconf postfix, String name, List<Finding> findings) {
    String value = postfix.value(name);
    if (OURS.containsValue(value)) {
      findings.add(
          Finding.configuration(
              name
                  + " = "
                  + value
                  + " in main.cf: DANGER, delivers mail twice when the daemon is away; only qmgr may have this",
              "postconf -c " + postfix.directory() + " -X " + name));
    }
  }
}
