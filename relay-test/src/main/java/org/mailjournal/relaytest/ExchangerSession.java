package org.mailjournal.relaytest;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mailjournal.journal.Bytes;
import org.mailjournal.relaytest.Script.Act;
import org.mailjournal.relaytest.Script.Answer;
import org.mailjournal.relaytest.Script.Drop;
import org.mailjournal.relaytest.Script.Leave;
import org.mailjournal.relaytest.Script.Stall;
import org.subethamail.smtp.internal.io.DotTerminatedInputStream;
import org.subethamail.smtp.internal.io.DotUnstuffingInputStream;
import org.subethamail.smtp.internal.server.CommandHandler;
import org.subethamail.smtp.server.Session;

/** One connection to an {@link Exchanger}: the commands, with the scripts' acts at their stages. */
final class ExchangerSession {
  /** A recipient that was taken, and what its script still has in store for it. */
  private record Guest(Exchanger.Taken taken, Optional<Act> act) {}

  private final Exchanger exchanger;
  private final Session session;
  private final Optional<Act> sessionAct;
  private String helo = "";
  private Optional<SmtpPath> sender = Optional.empty();
  private final List<Guest> guests = new ArrayList<>();

  ExchangerSession(Exchanger exchanger, Session session, Optional<Act> sessionAct) {
    this.exchanger = exchanger;
    this.session = session;
    this.sessionAct = sessionAct;
  }

  static void install(CommandHandler commands, Function<Session, ExchangerSession> of) {
    commands.addCommand(new SmtpVerb("EHLO", (s, line) -> of.apply(s).ehlo(line)));
    commands.addCommand(new SmtpVerb("LHLO", (s, line) -> of.apply(s).ehlo(line)));
    commands.addCommand(new SmtpVerb("HELO", (s, line) -> of.apply(s).ehlo(line)));
    commands.addCommand(new SmtpVerb("MAIL", (s, line) -> of.apply(s).mail(line)));
    commands.addCommand(new SmtpVerb("RCPT", (s, line) -> of.apply(s).rcpt(line)));
    commands.addCommand(new SmtpVerb("DATA", (s, line) -> of.apply(s).data()));
    commands.addCommand(new SmtpVerb("RSET", (s, line) -> of.apply(s).rset()));
    commands.addCommand(new SmtpVerb("QUIT", (s, line) -> of.apply(s).quit()));
  }

  /** Acts before SubEtha greets. */
  void greet() {
    try {
      // Replies to pipelined commands go out one by one: Nagle would hold the second for 40 ms.
      session.getSocket().setTcpNoDelay(true);
      if (perform(sessionAct, Stage.CONNECT)) {
        return;
      }
      if (sessionAct.filter(a -> a.equals(new Drop(Stage.BANNER))).isPresent()) {
        send(Reply.of(220, exchanger.name() + " ESMTP"), "");
        session.quit();
      } else if (perform(sessionAct, Stage.BANNER)) {
        session.quit();
      }
    } catch (IOException gone) {
      session.quit();
    }
  }

  private void ehlo(String line) throws IOException {
    reset();
    helo = line.substring(4).strip();
    if (perform(sessionAct, Stage.EHLO)) {
      return;
    }
    List<String> lines = new ArrayList<>(List.of(exchanger.name()));
    if (!line.regionMatches(true, 0, "HELO", 0, 4)) {
      lines.addAll(exchanger.settings().keywords());
      if (exchanger.settings().tls().isPresent() && !session.isTLSStarted()) {
        lines.add("STARTTLS");
      }
    }
    send(Reply.of(250, lines.toArray(new String[0])), "");
  }

  private void mail(String line) throws IOException {
    if (refuses(sessionAct, Stage.MAIL)) {
      perform(sessionAct, Stage.MAIL);
      return;
    }
    if (exchanger.settings().login().isPresent() && !session.isAuthenticated()) {
      send(Reply.of(530, "5.7.0 Authentication required"), "");
      return;
    }
    Optional<SmtpPath> path = SmtpPath.parse(line, "FROM");
    if (path.isEmpty() || sender.isPresent()) {
      send(Reply.of(sender.isPresent() ? 503 : 501, "5.5.1 MAIL FROM:<address>, once"), "");
      return;
    }
    sender = path;
    if (!perform(sessionAct, Stage.MAIL)) {
      send(Reply.of(250, "2.1.0 Ok"), "");
    }
  }

  private void rcpt(String line) throws IOException {
    Optional<SmtpPath> path = SmtpPath.parse(line, "TO");
    if (path.isEmpty() || sender.isEmpty()) {
      send(Reply.of(503, "5.5.1 MAIL first, then RCPT TO:<address>"), "");
      return;
    }
    SmtpPath to = path.get();
    Optional<Act> act = exchanger.nextAct(to.address());
    Guest guest = new Guest(new Exchanger.Taken(to.address(), to.parameters()), act);
    if (perform(sessionAct, Stage.RCPT)) {
      return;
    }
    if (refuses(act, Stage.RCPT)) {
      exchanger.refuse(to.address(), act.get());
      perform(act, Stage.RCPT);
      return;
    }
    guests.add(guest);
    if (!perform(act, Stage.RCPT)) {
      send(Reply.of(250, "2.1.5 Ok"), "");
    }
  }

  private void data() throws IOException {
    if (guests.isEmpty()) {
      send(Reply.of(503, "5.5.1 no valid recipients"), "");
      return;
    }
    Optional<Act> act = firstAct(Stage.DATA);
    if (refuses(act, Stage.DATA) || isOtherThanGoOn(act)) {
      perform(act, Stage.DATA);
      return;
    }
    if (!perform(act, Stage.DATA)) {
      send(Reply.of(354, "End data with <CR><LF>.<CR><LF>"), "");
    }
    byte[] content =
        new DotUnstuffingInputStream(new DotTerminatedInputStream(session.getRawInput()))
            .readAllBytes();
    String id = exchanger.nextId();
    if (exchanger.settings().lmtp()) {
      for (Guest guest : guests) {
        finish(id, content, List.of(guest), sessionAct.or(guest::act));
      }
    } else {
      finish(id, content, guests, firstAct(Stage.DOT));
    }
    reset();
  }

  /** Answers the final dot, for all recipients or, in LMTP, for one. */
  private void finish(String id, byte[] content, List<Guest> whom, Optional<Act> act)
      throws IOException {
    Optional<Act> now = act.filter(a -> a.stage() == Stage.DOT);
    if (now.isPresent() && now.get() instanceof Answer && refuses(now, Stage.DOT)) {
      whom.forEach(guest -> exchanger.refuse(guest.taken().address(), now.get()));
      perform(now, Stage.DOT);
      return;
    }
    boolean dropped = now.isPresent() && now.get() instanceof Drop;
    exchanger.add(
        new Exchanger.Received(
            Instant.now(),
            id,
            !dropped,
            helo,
            sender.orElseThrow().address(),
            sender.orElseThrow().parameters(),
            whom.stream().map(Guest::taken).toList(),
            Bytes.head(content, content.length)));
    if (!perform(now, Stage.DOT, id)) {
      send(Reply.of(250, "2.0.0 Ok: queued as {id}"), id);
    }
  }

  private Optional<Act> firstAct(Stage stage) {
    if (isAt(sessionAct, stage)) {
      return sessionAct;
    }
    for (Guest guest : guests) {
      if (isAt(guest.act(), stage)) {
        return guest.act();
      }
    }
    return Optional.empty();
  }

  private void rset() throws IOException {
    reset();
    send(Reply.of(250, "2.0.0 Ok"), "");
  }

  private void quit() throws IOException {
    send(Reply.of(221, "2.0.0 Bye"), "");
    session.quit();
  }

  private void reset() {
    sender = Optional.empty();
    guests.clear();
  }

  private static boolean isAt(Optional<Act> act, Stage stage) {
    return act.filter(a -> a.stage() == stage).isPresent();
  }

  private static boolean refuses(Optional<Act> act, Stage stage) {
    return isAt(act, stage)
        && (act.get() instanceof Drop
            || (act.get() instanceof Answer answer && !answer.reply().positive()));
  }

  /** To DATA; no client sends content behind it. */
  private static boolean isOtherThanGoOn(Optional<Act> act) {
    return isAt(act, Stage.DATA)
        && act.get() instanceof Answer answer
        && answer.reply().code() != 354;
  }

  private boolean perform(Optional<Act> act, Stage stage) throws IOException {
    return perform(act, stage, "");
  }

  /** Does what is to be done at this stage; true when the usual answer is not to be given. */
  private boolean perform(Optional<Act> act, Stage stage, String id) throws IOException {
    if (!isAt(act, stage)) {
      return false;
    }
    Act now = act.orElseThrow();
    if (now instanceof Answer answer) {
      send(answer.reply(), id);
      if (answer.reply().code() == 421) {
        session.quit();
      }
      return true;
    }
    if (now instanceof Leave) {
      send(Reply.of(250, "2.0.0 Ok: queued as {id}"), id);
      session.quit();
      return true;
    }
    if (now instanceof Stall && exchanger.gate().pass()) {
      return false;
    }
    session.quit();
    return true;
  }

  private void send(Reply reply, String id) throws IOException {
    var out = session.getSocket().getOutputStream();
    out.write(reply.bytes(id));
    out.flush();
  }
}
