package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.subethamail.smtp.internal.io.DotTerminatedInputStream;
import org.subethamail.smtp.internal.io.DotUnstuffingInputStream;
import org.subethamail.smtp.internal.server.CommandHandler;
import org.subethamail.smtp.server.Session;

/** One client's session with the test MTA, with the milter at its side. */
final class MtaSession {
  private static final List<String> KEYWORDS =
      List.of(
          "PIPELINING",
          "SIZE 52428800",
          "AUTH PLAIN",
          "ENHANCEDSTATUSCODES",
          "8BITMIME",
          "DSN",
          "SMTPUTF8");

  private final TestMta mta;
  private final Session session;
  private final MtaMilter milter;
  private String helo = "";
  private Optional<String> user = Optional.empty();
  private Optional<SmtpPath> sender = Optional.empty();
  private String queueId = "";
  private Instant arrival = Instant.EPOCH;
  private final Map<String, MtaRecipient> recipients = new LinkedHashMap<>();

  MtaSession(TestMta mta, Session session) {
    this.mta = mta;
    this.session = session;
    this.milter = new MtaMilter(mta.settings());
  }

  static void install(CommandHandler commands, Function<Session, MtaSession> of) {
    commands.addCommand(new SmtpVerb("EHLO", (s, line) -> of.apply(s).ehlo(line)));
    commands.addCommand(new SmtpVerb("HELO", (s, line) -> of.apply(s).ehlo(line)));
    commands.addCommand(new SmtpVerb("AUTH", (s, line) -> of.apply(s).auth(line)));
    commands.addCommand(new SmtpVerb("MAIL", (s, line) -> of.apply(s).mail(line)));
    commands.addCommand(new SmtpVerb("RCPT", (s, line) -> of.apply(s).rcpt(line)));
    commands.addCommand(new SmtpVerb("DATA", (s, line) -> of.apply(s).data()));
    commands.addCommand(new SmtpVerb("RSET", (s, line) -> of.apply(s).rset()));
    commands.addCommand(new SmtpVerb("QUIT", (s, line) -> of.apply(s).quit()));
  }

  void begin() throws IOException {
    session.getSocket().setTcpNoDelay(true);
    milter.connected(session.getRemoteAddress());
  }

  /** The client is gone, in whatever state. */
  void end() {
    milter.close();
  }

  /** Breaks off whatever it waits for. */
  void forsake() {
    milter.forsake();
  }

  private void ehlo(String line) throws IOException {
    reset();
    helo = line.substring(4).strip();
    milter.ask(m -> m.helo(helo));
    List<String> lines = new ArrayList<>(List.of(mta.settings().hostName()));
    if (line.regionMatches(true, 0, "EHLO", 0, 4)) {
      lines.addAll(KEYWORDS);
    }
    send(Reply.of(250, lines.toArray(new String[0])));
  }

  private void auth(String line) throws IOException {
    String[] words = line.split(" +", -1);
    if (words.length != 3 || !words[1].equalsIgnoreCase("PLAIN") || user.isPresent()) {
      send(user.isPresent() ? "503 5.5.1 Error: already authenticated" : "504 5.5.4 Only PLAIN");
      return;
    }
    user = Plain.user(words[2], Map.of(TestMta.USER, TestMta.USER));
    user.ifPresent(name -> milter.define("{auth_authen}", name));
    user.ifPresent(name -> milter.define("{auth_type}", "PLAIN"));
    send(user.isPresent() ? "235 2.7.0 Authentication successful" : "535 5.7.8 Error: not you");
  }

  private void mail(String line) throws IOException {
    Optional<SmtpPath> path = SmtpPath.parse(line, "FROM");
    if (path.isEmpty() || sender.isPresent()) {
      send(sender.isPresent() ? "503 5.5.1 Error: nested MAIL command" : "501 5.1.7 Bad sender");
      return;
    }
    milter.define("{mail_addr}", path.get().address());
    milter.define("{mail_mailer}", "smtp");
    Verdict verdict = milter.ask(m -> m.mail(path(line), parameters(path.get())));
    if (verdict.refuses()) {
      milter.abort();
      send(verdict.smtpReply());
      return;
    }
    sender = path;
    send("250 2.1.0 Ok");
  }

  private void rcpt(String line) throws IOException {
    String filtered = mta.settings().mark() ? NotifyMark.on(line) : line;
    Optional<SmtpPath> to = SmtpPath.parse(filtered, "TO");
    if (to.isEmpty() || sender.isEmpty()) {
      send(sender.isEmpty() ? "503 5.5.1 Error: need MAIL command" : "501 5.1.3 Bad recipient");
      return;
    }
    MtaRecipient recipient = recipient(to.get());
    String[] parameters = parameters(to.get());
    if (mta.settings().isLocal(recipient) && !mta.isUser(recipient)) {
      String text =
          "<%s>: Recipient address rejected: User unknown in local recipient table"
              .formatted(recipient.address());
      milter.ask(m -> m.rejectedRcpt(path(filtered), "5.1.1", text, parameters));
      send("550 5.1.1 " + text);
      return;
    }
    milter.define("{rcpt_addr}", recipient.address());
    milter.define("{rcpt_host}", recipient.domain());
    milter.define("{rcpt_mailer}", mta.settings().isLocal(recipient) ? "local" : "smtp");
    Verdict verdict = milter.ask(m -> m.rcpt(path(filtered), parameters));
    if (verdict.refuses()) {
      send(verdict.smtpReply());
      return;
    }
    take(recipient);
    send("250 2.1.5 Ok");
  }

  private static MtaRecipient recipient(SmtpPath to) {
    String orcpt = to.parameters().getOrDefault("ORCPT", "rfc822;" + to.address());
    int flags = NotifyMark.flags(to.parameters().getOrDefault("NOTIFY", ""));
    return new MtaRecipient(to.address(), orcpt, flags);
  }

  private void take(MtaRecipient recipient) {
    if (queueId.isEmpty()) {
      queueId = mta.nextId();
      // As Postfix's cleanup does: when it is given the first recipient, long before the end.
      arrival = mta.now();
      milter.define("i", queueId);
    }
    // Postfix's duplicate filter: the same address in another case is the same recipient.
    recipients.putIfAbsent(recipient.address().toLowerCase(Locale.ROOT), recipient);
  }

  private void data() throws IOException {
    if (recipients.isEmpty()) {
      send("554 5.5.1 Error: no valid recipients");
      return;
    }
    Verdict verdict = milter.ask(MilterClient::data);
    if (verdict.refuses()) {
      send(verdict.smtpReply());
      return;
    }
    send("354 End data with <CR><LF>.<CR><LF>");
    byte[] content =
        new DotUnstuffingInputStream(new DotTerminatedInputStream(session.getRawInput()))
            .readAllBytes();
    verdict = milter.message(MessageContent.of(content));
    if (!verdict.refuses() && verdict.word() != Verdict.Word.DISCARD) {
      mta.accept(message(content));
    }
    String id = queueId;
    clear();
    send(verdict.refuses() ? verdict.smtpReply() : "250 2.0.0 Ok: queued as " + id);
  }

  private MtaMessage message(byte[] content) {
    Map<String, String> parameters = sender.orElseThrow().parameters();
    String ret = parameters.getOrDefault("RET", "").toUpperCase(Locale.ROOT);
    MtaMessage.Envelope envelope =
        new MtaMessage.Envelope(
            queueId,
            arrival,
            sender.orElseThrow().address(),
            parameters.getOrDefault("ENVID", ""),
            ret.equals("FULL") ? 1 : ret.equals("HDRS") ? 2 : 0,
            parameters.containsKey("SMTPUTF8"),
            "8BITMIME".equalsIgnoreCase(parameters.get("BODY")),
            clientAttributes());
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(receivedField(envelope).getBytes(StandardCharsets.UTF_8));
    whole.writeBytes(content);
    return new MtaMessage(envelope, List.copyOf(recipients.values()), whole.toByteArray());
  }

  private Map<String, String> clientAttributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("log_client_name", "localhost");
    attributes.put("log_client_address", clientAddress());
    attributes.put("log_client_port", Integer.toString(session.getRemoteAddress().getPort()));
    attributes.put("log_helo_name", helo);
    attributes.put("log_protocol_name", "ESMTP");
    user.ifPresent(name -> attributes.put("sasl_method", "PLAIN"));
    user.ifPresent(name -> attributes.put("sasl_username", name));
    return attributes;
  }

  private String receivedField(MtaMessage.Envelope envelope) {
    return "Received: from %s (localhost [%s])\r\n\tby %s (TestMta) with ESMTP id %s;\r\n\t%s\r\n"
        .formatted(
            helo,
            clientAddress(),
            mta.settings().hostName(),
            envelope.queueId(),
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.ofInstant(envelope.arrival(), ZoneOffset.UTC)));
  }

  private String clientAddress() {
    return session.getRemoteAddress().getAddress().getHostAddress();
  }

  private void rset() throws IOException {
    reset();
    send("250 2.0.0 Ok");
  }

  private void quit() throws IOException {
    reset();
    send("221 2.0.0 Bye");
    session.quit();
  }

  private void reset() {
    if (sender.isPresent()) {
      milter.abort();
    }
    clear();
  }

  private void clear() {
    sender = Optional.empty();
    recipients.clear();
    queueId = "";
  }

  /** The path as it came, with its brackets. */
  private static String path(String line) {
    String rest = line.substring(line.indexOf(':') + 1).strip();
    int end = rest.startsWith("<") ? rest.lastIndexOf('>') + 1 : rest.indexOf(' ');
    return end > 0 ? rest.substring(0, end) : rest;
  }

  private static String[] parameters(SmtpPath path) {
    return path.parameters().entrySet().stream()
        .map(p -> p.getValue().isEmpty() ? p.getKey() : p.getKey() + "=" + p.getValue())
        .toArray(String[]::new);
  }

  private void send(String line) throws IOException {
    send(Reply.of(Integer.parseInt(line.substring(0, 3)), line.substring(4)));
  }

  private void send(Reply reply) throws IOException {
    var out = session.getSocket().getOutputStream();
    out.write(reply.bytes(""));
    out.flush();
  }
}
