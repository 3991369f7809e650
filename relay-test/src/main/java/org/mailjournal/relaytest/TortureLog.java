package org.mailjournal.relaytest;

import java.time.ZoneId;
import java.time.ZonedDateTime;
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
  private static final Pattern ENTRANCE =
      Pattern.compile("postfix/(?:smtpd|pickup)\\[\\d+\\]: [0-9A-Za-z]+: (?:client|uid)=");

  /** qmgr_message.c, at the begin of a pass. */
  private static final Pattern PASS =
      Pattern.compile("qmgr\\[\\d+\\]: ([0-9A-Za-z]+): from=<(.*?)>, size=.*\\(queue active\\)");

  /** The end of a pass of which the journal was not there to be told, or could not commit. */
  private static final Pattern UNTOLD =
      Pattern.compile(": ([0-9A-Za-z]+): status=deferred \\((?:trace|bounce|defer) failed\\)");

  /** cleanup_message.c: its header field, as the milter hears it. */
  private static final Pattern MESSAGE_ID =
      Pattern.compile("postfix/cleanup\\[\\d+\\]: ([0-9A-Za-z]+): message-id=(.*)$");

  private static final Pattern SENDMAIL_FROM =
      Pattern.compile("^([0-9A-Za-z]{14,20}): from=<?(.*?)>?, size=(?:.*?, msgid=(<.*?>),)?");

  /** deliver.c where there was no reply: it could not reach the relay, or lost it. */
  private static final Pattern NO_REPLY =
      Pattern.compile(
          "|(Connection|Operation|Network|Host|Broken|Premature|I/O|Input/output|Remote|Name).*");

  /** Its status for a connection that it lost (usersmtp.c). */
  private static final String LOST = "4.4.2";

  /** The last reply before that, to another recipient: it logs these words then. */
  private static final Pattern ANOTHERS =
      Pattern.compile("\\d{3} (?!4\\.4\\.2 )\\d\\.\\d{1,3}\\.\\d{1,3} .*");

  private static final Pattern ANY = Pattern.compile("(?:^|\\]: )([0-9A-Za-z]{8,20}): ");

  /** The relay's own word, for what it cannot record. */
  private static final String NO_JOURNAL = "451 4.3.0 mail-journal: the journal cannot be used now";

  private final Map<String, List<LoggedMessage>> messages = new LinkedHashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final LogStamp stamp;

  private TortureLog(LogStamp stamp) {
    this.stamp = stamp;
  }

  /** Each message; Postfix uses its short queue ids again. */
  List<LoggedMessage> messages() {
    return messages.values().stream().flatMap(List::stream).toList();
  }

  /**
   * In how many messages a recipient was refused for good: a client that lost the reply sends its
   * own once more.
   */
  long refusals(String recipient) {
    return messages().stream()
        .filter(
            message ->
                message.lines().stream()
                    .anyMatch(l -> l.status().equals("bounced") && l.to().equals(recipient)))
        .count();
  }

  static TortureLog of(Mta mta) {
    return mta instanceof RealSendmail sendmail
        ? ofSendmail(sendmail.log().lines())
        : ofPostfix(
            ((RealPostfix) mta).log().lines(),
            LogStamp.before(ZonedDateTime.now(ZoneId.systemDefault())));
  }

  static TortureLog ofPostfix(List<String> lines, LogStamp stamp) {
    TortureLog log = new TortureLog(stamp);
    lines.forEach(log::postfix);
    return log;
  }

  /** Its lines have no time. */
  static TortureLog ofSendmail(List<String> lines) {
    TortureLog log = new TortureLog(LogStamp.none());
    lines.forEach(log::sendmail);
    return log;
  }

  /** The one that has this queue id now. */
  private LoggedMessage message(String queueId) {
    List<LoggedMessage> all = messages.computeIfAbsent(queueId, any -> new ArrayList<>());
    return all.isEmpty() ? another(queueId) : all.get(all.size() - 1);
  }

  private LoggedMessage another(String queueId) {
    LoggedMessage message = new LoggedMessage(queueId);
    messages.computeIfAbsent(queueId, any -> new ArrayList<>()).add(message);
    return message;
  }

  private void keep(String line) {
    Matcher any = ANY.matcher(line);
    if (any.find() && messages.containsKey(any.group(1))) {
      message(any.group(1)).keep(line);
    }
  }

  private void postfix(String line) {
    Matcher any = ANY.matcher(line);
    boolean isOfOne = any.find();
    if (isOfOne && ENTRANCE.matcher(line).find()) {
      removed.remove(any.group(1));
      another(any.group(1));
    } else if (isOfOne && removed.contains(any.group(1))) {
      return;
    }
    read(line);
    Matcher end = REMOVED.matcher(line);
    if (end.find()) {
      removed.add(end.group(1));
      message(end.group(1)).end();
    }
  }

  private void read(String line) {
    PostfixLog.parse(line).ifPresent(f -> message(f.queueId()).add(f, stamp.of(line)));
    keep(line);
    Matcher arrival = ARRIVAL.matcher(line);
    if (arrival.find()) {
      message(arrival.group(1)).cameOverSmtp();
    }
    Matcher messageId = MESSAGE_ID.matcher(line);
    if (messageId.find()) {
      message(messageId.group(1)).hasMessageId(messageId.group(2));
    }
    Matcher pass = PASS.matcher(line);
    if (pass.find()) {
      message(pass.group(1)).cameFrom(pass.group(2));
      message(pass.group(1)).beginPass(stamp.of(line));
    }
    Matcher untold = UNTOLD.matcher(line);
    if (untold.find()) {
      message(untold.group(1)).excusePass();
    }
  }

  private void sendmail(String line) {
    keep(line);
    Matcher from = SENDMAIL_FROM.matcher(line);
    if (from.find()) {
      LoggedMessage message = message(from.group(1));
      message.cameFrom(from.group(2));
      message.cameOverSmtp();
      Optional.ofNullable(from.group(3)).ifPresent(message::hasMessageId);
    }
    for (LogLine fate : SendmailLog.parse(line)) {
      LoggedMessage message = message(fate.queueId());
      message.add(fate, Optional.empty());
      if (fate.status().equals("deferred") && isOfNoReply(fate)) {
        message.excuse(fate);
      }
    }
  }

  private static boolean isOfNoReply(LogLine fate) {
    return NO_REPLY.matcher(fate.text()).matches()
        || fate.text().equals(NO_JOURNAL)
        || (fate.dsn().equals(LOST) && ANOTHERS.matcher(fate.text()).matches());
  }
}
