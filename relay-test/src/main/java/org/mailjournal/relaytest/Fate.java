package org.mailjournal.relaytest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an attempt at a recipient came to, in the words that Postfix uses in its log and records.
 *
 * @param relay {@code 127.0.0.1[127.0.0.1]:2525}, {@code local}, {@code none}
 * @param reply the far side's verbatim final reply, one line; empty where none was given
 * @param remote the far side's name; empty where none took part
 * @param reason why, in the MTA's own words
 */
record Fate(Kind kind, String relay, String dsn, String reply, String remote, String reason) {
  /** How it ended. */
  enum Kind {
    SENT("sent", "relayed"),
    DELIVERED("sent", "delivered"),
    DEFERRED("deferred", "delayed"),
    BOUNCED("bounced", "failed");

    private final String status;
    private final String action;

    Kind(String status, String action) {
      this.status = status;
      this.action = action;
    }
  }

  /** Without a word from any far side. */
  static Fate own(Kind kind, String relay, String dsn, String reason) {
    return new Fate(kind, relay, dsn, "", "", reason);
  }

  boolean success() {
    return kind == Kind.SENT || kind == Kind.DELIVERED;
  }

  boolean temporary() {
    return kind == Kind.DEFERRED;
  }

  String status() {
    return kind.status;
  }

  /** What stands in parentheses in the log: the reply of a success, else the reason. */
  String logText() {
    return switch (kind) {
      case SENT -> reply;
      case DELIVERED -> reason.replace("delivery via local: ", "");
      case DEFERRED, BOUNCED -> reason;
    };
  }

  /** The record that a delivery agent appends, in its order (bounce_append_service.c). */
  Map<String, String> record(MtaRecipient recipient) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("recipient", recipient.address());
    fields.put("offset", Long.toString(recipient.offset()));
    fields.put("dsn_orig_rcpt", recipient.orcpt());
    if (recipient.notifyFlags() != 0) {
      fields.put("notify_flags", Integer.toString(recipient.notifyFlags()));
    }
    fields.put("status", dsn);
    fields.put("action", kind.action);
    if (!reply.isEmpty()) {
      fields.put("diag_type", "smtp");
      fields.put("diag_text", reply);
    }
    if (!remote.isEmpty()) {
      fields.put("mta_type", "dns");
      fields.put("mta_mname", remote);
    }
    fields.put("reason", reason);
    return fields;
  }
}
