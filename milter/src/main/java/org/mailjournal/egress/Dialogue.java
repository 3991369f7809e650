package org.mailjournal.egress;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.server.Session;

/**
 * What one client, the MTA, says to us, and what we answer.
 *
 * <pre>
 *   connected ──EHLO,LHLO──▶ idle ──MAIL──▶ open ──RCPT──▶ open ──DATA──▶ content ──CRLF.CRLF──▶ idle
 * </pre>
 *
 * <p>Pipelined RCPT commands are collected, asked onward together, and answered together.
 */
final class Dialogue implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);
  private static final Duration GRACE = Duration.ofSeconds(1);

  /**
   * The name in our EHLO reply. Not the machine's: sendmail and Postfix take an EHLO reply with
   * their own name for a loop to themselves and give the mail up (sendmail: "553 5.3.5 config
   * error: mail loops back to me"). RFC 6761 section 6.3 keeps names in {@code localhost} on the
   * machine.
   */
  static final String NAME = "mail-journal.localhost";

  private static final int MOST_UNANSWERED = 100;

  /** So many times the recipients that a transaction may have are refused before we hang up. */
  private static final long SURPLUS = 10;

  /** Nobody gives up sooner, and looking costs a millisecond. */
  private static final Duration LONG_WAIT = Duration.ofMillis(20);

  /** Who has sent more than that ahead is not looked through. */
  private static final int LOOK_AHEAD = 4096;

  private final Session session;
  private final Settings settings;
  private final Chronicle chronicle;
  private final HopKeeper keeper;
  private final Activity activity;
  private final Watchdog.Guard guard;
  private boolean greeted;
  private boolean lmtp;
  private Transaction transaction;
  private long surplus;
  private List<String> unheard = List.of();

  /** Whether its next words, or some of them, came before our last. */
  private boolean hasGoneAhead;

  Dialogue(
      Session session,
      Settings settings,
      Chronicle chronicle,
      Connector connector,
      Activity activity,
      Watchdog watchdog) {
    this.session = session;
    this.settings = settings;
    this.chronicle = chronicle;
    this.keeper = new HopKeeper(connector, settings.timeouts().command(), this::isClientGone);
    this.activity = activity;
    this.guard = watchdog.guard(session.getSocket());
  }

  /** EHLO, HELO or LHLO (RFC 2033): the last gets an answer for each recipient of a content. */
  void hello(String verb) throws IOException {
    abandon();
    greeted = true;
    lmtp = verb.equals("LHLO");
    // Not DSN: NOTIFY stays with the MTA, which reports "relayed" itself to who asked for it.
    String words =
        verb.equals("HELO")
            ? "250 " + NAME + "\r\n"
            : String.join(
                "\r\n250-",
                "250-" + NAME,
                "PIPELINING",
                "8BITMIME",
                "SIZE",
                "ENHANCEDSTATUSCODES\r\n250 SMTPUTF8\r\n");
    write(words.getBytes(StandardCharsets.US_ASCII));
  }

  void mail(String line) throws IOException {
    passAnswers();
    if (!greeted || transaction != null) {
      answer(503, "5.5.1", greeted ? "MAIL was given already" : "EHLO first");
      return;
    }
    if (!activity.begin()) {
      answer(421, "4.3.2", "the relay stops");
      session.quit();
      return;
    }
    try {
      Envelope.Mail mail = Envelope.mail(line);
      surplus = 0;
      transaction = new Transaction(mail, lmtp, settings, keeper, chronicle);
      answer(250, "2.1.0", "go on");
    } catch (Envelope.BadCommandException bad) {
      activity.end();
      write(bad.answer());
    }
  }

  void recipient(String line) throws IOException {
    if (transaction == null) {
      answer(503, "5.5.1", "MAIL first");
      return;
    }
    String path;
    try {
      path = Envelope.recipient(line);
    } catch (Envelope.BadCommandException bad) {
      passAnswers();
      write(bad.answer());
      return;
    }
    if (transaction.isFull()) {
      passAnswers();
      refuseSurplus();
      return;
    }
    transaction.recipient(path);
    boolean more = session.getRawInput().available() > 0;
    if (!more || transaction.unanswered() >= MOST_UNANSWERED) {
      passAnswers();
    }
  }

  /** An MTA brings the others in another transaction, and does not go on for ever. */
  private void refuseSurplus() throws IOException {
    surplus++;
    if (surplus == 1) {
      LOG.info("egress: a transaction of more than {} recipients", settings.limits().recipients());
    }
    if (surplus <= SURPLUS * settings.limits().recipients()) {
      answer(452, "4.5.3", "too many recipients");
    } else {
      answer(421, "4.5.3", "too many recipients");
      session.quit();
    }
  }

  void data() throws IOException {
    passAnswers();
    if (transaction == null || !transaction.hasRecipients()) {
      answer(503, "5.5.1", "no recipient was accepted");
      return;
    }
    // Whatever the next hop says of DATA: its refusal is told at the end of the content. Sendmail
    // (Timeout.datainit, 2 minutes on Debian) and Postfix (smtp_data_init_timeout) leave at 120 s,
    // and have longer patience behind the 354; what they send waits in the socket.
    write("354 mail-journal: go on, end with CRLF.CRLF\r\n".getBytes(StandardCharsets.US_ASCII));
    long before = System.nanoTime();
    transaction.openContent();
    transaction.content(
        new ContentReader(session.getRawInput()), new Pace(guard, settings.timeouts().client()));
    List<Answer> answers =
        end(() -> System.nanoTime() - before > LONG_WAIT.toNanos() && isClientGone());
    try {
      write(answers.toArray(new Answer[0]));
    } catch (IOException gone) {
      chronicle.odd(
          Optional.empty(),
          "our client left before it was told, and may try again: "
              + answers.get(0).forTheRecord());
      throw gone;
    }
  }

  private List<Answer> end(BooleanSupplier clientGone) {
    try {
      List<Answer> answers = transaction.end(clientGone);
      // Who hears a refusal does not hear of what was taken before.
      boolean taken = answers.stream().allMatch(Answer::isPositive);
      unheard = taken ? transaction.fingerprints() : List.of();
      return answers;
    } finally {
      transaction.release();
      transaction = null;
      activity.end();
    }
  }

  /**
   * It goes on, so it has read what we said last (RFC 5321 section 4.3.1: one after the other). Not
   * if that was there before we said it: Postfix's smtp(8) sends QUIT with its end of data.
   */
  void heard() {
    if (!hasGoneAhead) {
      chronicle.doubts().settle(unheard);
      unheard = List.of();
    }
  }

  /** Looks for the end of its stream, behind the few commands that it may have sent ahead. */
  private boolean isClientGone() {
    Socket socket = session.getSocket();
    InputStream in = session.getRawInput();
    try {
      socket.setSoTimeout(1);
      in.mark(LOOK_AHEAD);
      try {
        return in.readNBytes(LOOK_AHEAD).length < LOOK_AHEAD;
      } finally {
        in.reset();
      }
    } catch (SocketTimeoutException silent) {
      return false;
    } catch (IOException gone) {
      return true;
    } finally {
      restoreTimeout(socket);
    }
  }

  private void restoreTimeout(Socket socket) {
    try {
      socket.setSoTimeout((int) settings.timeouts().client().toMillis());
    } catch (IOException gone) {
      // What comes next fails, and says so.
    }
  }

  void reset() throws IOException {
    abandon();
    answer(250, "2.0.0", "forgotten");
  }

  void noop() throws IOException {
    passAnswers();
    answer(250, "2.0.0", "yes");
  }

  void quit() throws IOException {
    abandon();
    answer(221, "2.0.0", "bye");
    session.quit();
  }

  /** For a command that we know and do not serve. */
  void refuse(String verb) throws IOException {
    passAnswers();
    answer(502, "5.5.1", verb.toUpperCase(Locale.ROOT) + " is not served here");
  }

  private void passAnswers() throws IOException {
    if (transaction != null && transaction.unanswered() > 0) {
      write(transaction.answers(this::isClientGone).toArray(new Answer[0]));
    }
  }

  private void abandon() throws IOException {
    passAnswers();
    if (transaction != null) {
      transaction.abandon();
      transaction = null;
      activity.end();
    }
  }

  private void answer(int code, String dsn, String words) throws IOException {
    write(Answer.ours(code, dsn, words));
  }

  /** In one write. Not through the session's writer, which would encode what it is given. */
  private void write(Answer... answers) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Answer answer : answers) {
      all.write(answer.raw().toArray());
    }
    write(all.toByteArray());
  }

  private void write(byte[] bytes) throws IOException {
    hasGoneAhead = session.getRawInput().available() > 0;
    guard.arm(settings.timeouts().client());
    try {
      session.getSocket().getOutputStream().write(bytes);
      session.getSocket().getOutputStream().flush();
    } finally {
      guard.disarm();
    }
  }

  /**
   * The client has so long for all of its next command, however it trickles. Who says nothing at
   * all is told so by the library when his time is over, and must not be cut off in front of that.
   */
  void awaitWords() {
    guard.arm(settings.timeouts().client().plus(GRACE));
  }

  /** It has said something; what we do with it has limits of its own. */
  void attend() {
    guard.disarm();
  }

  /** The client is gone. */
  @Override
  public void close() {
    guard.close();
    if (transaction != null) {
      transaction.left();
      transaction = null;
      activity.end();
    }
    keeper.quit();
  }
}
