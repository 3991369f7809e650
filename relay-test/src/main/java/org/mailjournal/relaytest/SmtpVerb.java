package org.mailjournal.relaytest;

import java.io.IOException;
import java.util.Locale;
import org.subethamail.smtp.internal.server.BaseCommand;
import org.subethamail.smtp.server.Session;

/**
 * A command of ours in place of SubEtha's. SubEtha's own answer in the platform's charset, swallow
 * DSN parameters and announce keywords that we cannot choose.
 */
final class SmtpVerb extends BaseCommand {
  /** What the command does; the line is the whole command as it came, without CRLF. */
  @FunctionalInterface
  interface Action {
    void on(Session session, String line) throws IOException;
  }

  private final Action action;

  SmtpVerb(String verb, Action action) {
    super(verb.toUpperCase(Locale.ROOT), "see RFC 5321");
    this.action = action;
  }

  @Override
  public void execute(String line, Session session) throws IOException {
    action.on(session, line);
  }
}
