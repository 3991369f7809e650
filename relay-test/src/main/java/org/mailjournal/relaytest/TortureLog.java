package org.mailjournal.relaytest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.relaytest.Mta.LogLine;

/** What a mail system logged of a whole run, message by message. */
final class TortureLog {
  /** smtpd.c, when it has a queue file: the message came over SMTP, so the milter was asked. */
  private static final Pattern ARRIVAL =
      Pattern.compile("postfix/smtpd\\[\\d+\\]: ([0-9A-Za-z]+): client=");

  /** The end of a message, whose queue id may be given again: to a bounce, which no milter sees. */
  private static final Pattern REMOVED =
      Pattern.compile("qmgr\\[\\d+\\]: ([0-9A-Za-z]+): removed$");

  /** Where a message comes in that a milter sees. */
  private static final Pattern ENTRANCE = Pattern.compile("postfix/(?:smtpd|pickup)\\[\\d+\\]: ");

  /** qmgr_message.c, at the begin of a pass. */
  private static final Pattern PASS =
      Pattern.compile("qmgr\\[\\d+\\]: ([0-9A-Za-z]+): from=<(.*?)>, size=.*\\(queue active\\)");

  /** The end of a pass of which the journal was not there to be told, or could not commit. */
  private static final Pattern UNTOLD =
      Pattern.compile(": ([0-9A-Za-z]+): status=deferred \\((?:trace|bounce|defer) failed\\)");

  private static final Pattern START = Pattern.compile("master\\[\\d+\\]: daemon started --");

  private static final Pattern SENDMAIL_FROM =
      Pattern.compile("^([0-9A-Za-z]{14,20}): from=<?(.*?)>?, size=");

  /** deliver.c where there was no reply: it could not reach the relay, or lost it. */
  private static final Pattern NO_REPLY =
      Pattern.compile(
          "|(Connection|Operation|Network|Host|Broken|Premature|I/O|Input/output|Remote|Name).*");

  private static final Pattern ANY = Pattern.compile("(?:^|\\]: )([0-9A-Za-z]{8,20}): ");

  /** The relay's own word, for what it cannot record. */
  private static final String NO_JOURNAL = "451 4.3.0 mail-journal: the journal cannot be used now";

  /** One message. */
  static final class Message {
    private final List<LogLine> lines = new ArrayList<>();
    private final Set<LogLine> untold = new HashSet<>();
    private final List<LogLine> pass = new ArrayList<>();
    private final List<LogLine> passBefore = new ArrayList<>();
    private final List<String> raw = new ArrayList<>();
    private Optional<String> sender = Optional.empty();
    private boolean overSmtp;

    List<LogLine> lines() {
      return lines;
    }

    Optional<String> sender() {
      return sender;
    }

    boolean isOverSmtp() {
      return overSmtp;
    }

    /** Whether nobody could tell the journal of it, as the crash table says. */
    boolean mayBeUntold(LogLine line) {
      return untold.contains(line);
    }

    private void add(LogLine line) {
      lines.add(line);
      pass.add(line);
    }

    /** All that was logged of it, word by word. */
    String evidence() {
      return String.join("\n      ", raw);
    }

    private void beginPass() {
      passBefore.clear();
      passBefore.addAll(pass);
      pass.clear();
    }

    private void excusePass() {
      pass.stream().filter(line -> line.status().equals("deferred")).forEach(untold::add);
    }

    /** Master and qmgr log through different processes when they start: their order is any. */
    private void excusePasses() {
      excusePass();
      passBefore.stream().filter(line -> line.status().equals("deferred")).forEach(untold::add);
    }
  }

  private final Map<String, Message> messages = new LinkedHashMap<>();
  private final Set<String> removed = new HashSet<>();

  private TortureLog() {}

  Map<String, Message> messages() {
    return messages;
  }

  /** Of a message that it does not name. */
  static Message nothing() {
    return new Message();
  }

  static TortureLog of(Mta mta) {
    return mta instanceof RealSendmail sendmail
        ? ofSendmail(sendmail.log().lines())
        : ofPostfix(((RealPostfix) mta).log().lines());
  }

  static TortureLog ofPostfix(List<String> lines) {
    TortureLog log = new TortureLog();
    lines.forEach(log::postfix);
    return log;
  }

  static TortureLog ofSendmail(List<String> lines) {
    TortureLog log = new TortureLog();
    lines.forEach(log::sendmail);
    return log;
  }

  private Message message(String queueId) {
    return messages.computeIfAbsent(queueId, any -> new Message());
  }

  private void keep(String line) {
    Matcher any = ANY.matcher(line);
    if (any.find() && messages.containsKey(any.group(1))) {
      messages.get(any.group(1)).raw.add(line);
    }
  }

  private void postfix(String line) {
    Matcher any = ANY.matcher(line);
    if (any.find() && removed.contains(any.group(1))) {
      if (!ENTRANCE.matcher(line).find()) {
        return;
      }
      removed.remove(any.group(1));
    }
    read(line);
    Matcher end = REMOVED.matcher(line);
    if (end.find()) {
      removed.add(end.group(1));
    }
  }

  private void read(String line) {
    PostfixLog.parse(line).ifPresent(fate -> message(fate.queueId()).add(fate));
    keep(line);
    Matcher arrival = ARRIVAL.matcher(line);
    if (arrival.find()) {
      message(arrival.group(1)).overSmtp = true;
    }
    Matcher pass = PASS.matcher(line);
    if (pass.find()) {
      Message message = message(pass.group(1));
      message.sender = Optional.of(pass.group(2));
      message.beginPass();
    }
    Matcher untold = UNTOLD.matcher(line);
    if (untold.find()) {
      message(untold.group(1)).excusePass();
    }
    if (START.matcher(line).find()) {
      // It was killed: the passes that were under way had no end.
      messages.values().forEach(Message::excusePasses);
    }
  }

  private void sendmail(String line) {
    keep(line);
    Matcher from = SENDMAIL_FROM.matcher(line);
    if (from.find()) {
      Message message = message(from.group(1));
      message.sender = Optional.of(from.group(2));
      message.overSmtp = true;
    }
    for (LogLine fate : SendmailLog.parse(line)) {
      Message message = message(fate.queueId());
      message.add(fate);
      if (fate.status().equals("deferred")
          && (NO_REPLY.matcher(fate.text()).matches() || fate.text().equals(NO_JOURNAL))) {
        message.untold.add(fate);
      }
    }
  }
}
