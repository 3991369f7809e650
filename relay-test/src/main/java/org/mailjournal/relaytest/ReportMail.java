package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A report to the sender, an RFC 3464 multipart/report in the shape of Postfix's own. */
enum ReportMail {
  FAILURE("Undelivered Mail Returned to Sender", NotifyMark.FAILURE, "failed"),
  DELAY("Delayed Mail (still being retried)", NotifyMark.DELAY, "delayed"),
  SUCCESS("Successful Mail Delivery Report", NotifyMark.SUCCESS, "");

  private static final String BOUNDARY = "=_report";

  private final String subject;
  private final int notice;
  private final String action;

  ReportMail(String subject, int notice, String action) {
    this.subject = subject;
    this.notice = notice;
    this.action = action;
  }

  /** The records that the sender is told of: those that asked for it, or said nothing at all. */
  List<Map<String, String>> applicable(List<Map<String, String>> records) {
    return records.stream().filter(this::applies).toList();
  }

  private boolean applies(Map<String, String> record) {
    int flags = Integer.parseInt(record.getOrDefault("notify_flags", "0"));
    return (flags & notice) != 0 || (flags == 0 && this != SUCCESS);
  }

  byte[] compose(
      String host, String queueId, String to, List<Map<String, String>> records, byte[] of) {
    StringBuilder text = new StringBuilder();
    text.append("From: MAILER-DAEMON@%s (Mail Delivery System)\r\n".formatted(host));
    text.append("Subject: %s\r\nTo: %s\r\nAuto-Submitted: auto-replied\r\n".formatted(subject, to));
    text.append("Message-ID: <%s.%s@%s>\r\n".formatted(queueId, name(), host));
    text.append("MIME-Version: 1.0\r\nContent-Type: multipart/report;");
    text.append(" report-type=delivery-status;\r\n\tboundary=\"%s\"\r\n".formatted(BOUNDARY));
    part(text, "text/plain; charset=utf-8");
    records.forEach(
        r -> text.append("<%s>: %s\r\n".formatted(r.get("recipient"), r.get("reason"))));
    part(text, "message/delivery-status");
    text.append("Reporting-MTA: dns; %s\r\nX-Postfix-Queue-ID: %s\r\n".formatted(host, queueId));
    records.forEach(record -> recipient(text, record));
    part(text, "text/rfc822-headers");
    byte[] headers = Arrays.copyOf(of, Headers.bodyAt(of));
    text.append(new String(headers, StandardCharsets.UTF_8).stripTrailing());
    text.append("\r\n\r\n--").append(BOUNDARY).append("--\r\n");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void part(StringBuilder text, String type) {
    text.append("\r\n--%s\r\nContent-Type: %s\r\n\r\n".formatted(BOUNDARY, type));
  }

  private void recipient(StringBuilder text, Map<String, String> record) {
    field(text, "\r\nFinal-Recipient: rfc822; ", record.get("recipient"));
    field(text, "Original-Recipient: ", record.get("dsn_orig_rcpt"));
    field(text, "Action: ", action.isEmpty() ? record.get("action") : action);
    field(text, "Status: ", record.get("status"));
    field(text, "Remote-MTA: dns; ", record.get("mta_mname"));
    String diagnostic = record.get("diag_text");
    field(text, "Diagnostic-Code: ", diagnostic == null ? null : "smtp; " + diagnostic);
  }

  private static void field(StringBuilder text, String name, String value) {
    if (value != null) {
      text.append(name).append(value).append("\r\n");
    }
  }
}
