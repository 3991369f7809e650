package org.mailjournal.egress;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.internal.server.Command;
import org.subethamail.smtp.internal.server.CommandHandler;
import org.subethamail.smtp.internal.server.HelpMessage;
import org.subethamail.smtp.server.Session;

/**
 * One SMTP command in subethasmtp's table of commands. All of the library's own are replaced: they
 * answer before the next hop has, offer CHUNKING, take a bare LF for a line end in content, and
 * unstuff dots. What is kept is its listener, its thread for each connection, and its reader of
 * command lines, which takes nothing but CRLF for a line end.
 */
record Verb(String name, Function<Session, Dialogue> dialogues, Action action) implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(Verb.class);

  /** What a command does. */
  interface Action {
    void run(Dialogue dialogue, String line) throws IOException;
  }

  /** Puts ours in the place of the library's. */
  static void register(CommandHandler table, Function<Session, Dialogue> dialogues) {
    for (String verb : new String[] {"EHLO", "HELO", "LHLO"}) {
      table.addCommand(new Verb(verb, dialogues, (d, line) -> d.hello(verb)));
    }
    table.addCommand(new Verb("MAIL", dialogues, Dialogue::mail));
    table.addCommand(new Verb("RCPT", dialogues, Dialogue::recipient));
    table.addCommand(new Verb("DATA", dialogues, (d, line) -> d.data()));
    table.addCommand(new Verb("RSET", dialogues, (d, line) -> d.reset()));
    table.addCommand(new Verb("NOOP", dialogues, (d, line) -> d.noop()));
    table.addCommand(new Verb("QUIT", dialogues, (d, line) -> d.quit()));
    for (String verb : new String[] {"AUTH", "BDAT", "EXPN", "HELP", "STARTTLS", "VRFY"}) {
      table.addCommand(new Verb(verb, dialogues, (d, line) -> d.refuse(verb)));
    }
  }

  @Override
  public void execute(String line, Session session) throws IOException {
    Dialogue dialogue = dialogues.apply(session);
    dialogue.attend();
    try {
      serve(dialogue, line, session);
    } finally {
      dialogue.awaitWords();
    }
  }

  private void serve(Dialogue dialogue, String line, Session session) throws IOException {
    dialogue.heard();
    // The library finds a command by its first four letters.
    String rest = line.substring(name.length() <= line.length() ? name.length() : 0);
    if (!rest.isEmpty() && rest.charAt(0) != ' ') {
      dialogue.refuse(line.substring(0, Math.min(line.length(), 20)));
    } else {
      run(dialogue, line, session);
    }
  }

  /** A client that leaves is no reason for a stack trace, which the library would log. */
  private void run(Dialogue dialogue, String line, Session session) throws IOException {
    try {
      action.run(dialogue, line);
    } catch (SocketTimeoutException slow) {
      LOG.info("egress: {} from our client: nothing in time", name);
      throw slow;
    } catch (IOException gone) {
      LOG.info("egress: {} from our client: {}", name, gone.getMessage());
      session.quit();
    }
  }

  @Override
  public HelpMessage getHelp() {
    return new HelpMessage(name, "");
  }

  @Override
  public String getName() {
    return name;
  }
}
