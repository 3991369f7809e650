package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The MTA's end of a milter connection, with the habits of one MTA. What the milter did not want to
 * see is not sent, what it said it would not answer is not waited for, and macro lists are
 * honoured. Not for several threads at once; blocking.
 */
public final class MilterClient implements Closeable {
  /** What was agreed. */
  public record Agreement(int version, int actions, int steps, Map<Character, String> macroLists) {}

  /** The client's kind of address (SMFIA_*). */
  public enum Family {
    INET('4'),
    INET6('6'),
    UNIX('L'),
    UNKNOWN('U');

    private final char letter;

    Family(char letter) {
      this.letter = letter;
    }
  }

  /** Everything of milter protocol version 6 (SMFI_CURR_ACTS, SMFI_CURR_PROT). */
  public static final Agreement OFFER_6 = new Agreement(6, 0x1ff, 0x1fffff, Map.of());

  private static final int CHUNK = 65535;

  private enum Mode {
    EVENTS,
    MESSAGE_ACCEPTED,
    CONNECTION_ACCEPTED
  }

  private final MilterWire wire;
  private final Habit habit;
  private final Agreement agreement;
  private final Map<String, String> macros = new HashMap<>();
  private Mode mode = Mode.EVENTS;
  private boolean inMessage;
  private boolean skipBody;

  private MilterClient(MilterWire wire, Habit habit, Agreement agreement) {
    this.wire = wire;
    this.habit = habit;
    this.agreement = agreement;
  }

  /** Connects and negotiates all that version 6 has. */
  public static MilterClient open(String endpoint, Habit habit) throws IOException {
    return open(MilterWire.address(endpoint), habit, OFFER_6);
  }

  /** Connects and negotiates. */
  public static MilterClient open(SocketAddress address, Habit habit, Agreement offer)
      throws IOException {
    MilterWire wire = MilterWire.open(address);
    try {
      return new MilterClient(wire, habit, MilterNegotiation.with(wire, offer));
    } catch (IOException | RuntimeException failed) {
      wire.close();
      throw failed;
    }
  }

  public Agreement agreement() {
    return agreement;
  }

  public Habit habit() {
    return habit;
  }

  /** Gives a macro a value, {@code i} or {@code {auth_authen}}; it is sent where it belongs. */
  public MilterClient define(String name, String value) {
    macros.put(name, value);
    return this;
  }

  /** Takes a macro's value away. */
  public MilterClient undefine(String name) {
    macros.remove(name);
    return this;
  }

  /** CONNECT; name as the MTA has it, {@code [192.0.2.1]} or {@code unknown} where it has none. */
  public Verdict connection(String host, Family family, String address, int port)
      throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    string(payload, host);
    payload.write(family.letter);
    // Postfix ends an UNKNOWN family with the letter: no port, no address, no NUL.
    if (family != Family.UNKNOWN) {
      payload.write(port >>> 8);
      payload.write(port);
      boolean prefix = habit == Habit.SENDMAIL && family == Family.INET6;
      string(payload, prefix ? "IPv6:" + address : address);
    }
    return event('C', payload.toByteArray());
  }

  public Verdict helo(String name) throws IOException {
    return event('H', strings(name));
  }

  /** MAIL; with sendmail's habit {@code i} has to be defined by now. */
  public Verdict mail(String path, String... parameters) throws IOException {
    inMessage = true;
    return event('M', strings(path, parameters));
  }

  public Verdict rcpt(String path, String... parameters) throws IOException {
    return event('R', strings(path, parameters));
  }

  /** A recipient that the MTA refused itself; sent only where the milter asked for such. */
  public Verdict rejectedRcpt(String path, String dsn, String text, String... parameters)
      throws IOException {
    if ((agreement.steps() & MilterSteps.RCPT_REJ) == 0) {
      return Verdict.NONE;
    }
    define("{rcpt_mailer}", "error");
    define("{rcpt_host}", dsn);
    define("{rcpt_addr}", text);
    Verdict verdict = rcpt(path, parameters);
    List.of("{rcpt_mailer}", "{rcpt_host}", "{rcpt_addr}").forEach(this::undefine);
    return verdict;
  }

  public Verdict data() throws IOException {
    return agreement.version() < 4 ? Verdict.NONE : event('T', new byte[0]);
  }

  public Verdict unknown(String line) throws IOException {
    return agreement.version() < 3 ? Verdict.NONE : event('U', strings(line));
  }

  /** A header field as bytes; the value without the blank behind the colon, unless asked for. */
  public Verdict header(byte[] name, byte[] value) throws IOException {
    byte[] payload = Arrays.copyOf(name, name.length + value.length + 2);
    System.arraycopy(value, 0, payload, name.length + 1, value.length);
    return event('L', payload);
  }

  public Verdict endOfHeaders() throws IOException {
    return event('N', new byte[0]);
  }

  /** The body in chunks, until the milter says that it has seen enough. */
  public Verdict body(byte[] content, int from) throws IOException {
    Verdict verdict = Verdict.NONE;
    for (int at = from; at < content.length && !skipBody && !verdict.refuses(); at += CHUNK) {
      verdict = event('B', Arrays.copyOfRange(content, at, Math.min(content.length, at + CHUNK)));
      skipBody = verdict.word() == Verdict.Word.SKIP;
    }
    return verdict;
  }

  /** The end of the message: waits for the last word. */
  public Verdict endOfMessage() throws IOException {
    Verdict verdict = event('E', new byte[0]);
    if (habit == Habit.POSTFIX) {
      abort();
    } else {
      endMessage();
    }
    return verdict;
  }

  /** Ends the message, if one is open or not: RSET, a refused MAIL, or Postfix behind each. */
  public void abort() throws IOException {
    if (mode != Mode.CONNECTION_ACCEPTED) {
      wire.put('A', new byte[0], 0, 0);
      wire.flush();
    }
    endMessage();
  }

  /** The client is gone, another one comes: connection() follows (sendmail only). */
  public void quitNewConnection() throws IOException {
    wire.put('K', new byte[0], 0, 0);
    wire.flush();
    mode = Mode.EVENTS;
    endMessage();
    macros.clear();
  }

  /** Says good-bye; the milter closes. */
  public void quit() throws IOException {
    wire.put('Q', new byte[0], 0, 0);
    wire.flush();
  }

  /** Any bytes, for what no MTA would send. */
  public void raw(byte[] bytes) throws IOException {
    wire.raw(bytes);
  }

  /** Waits for a reply to something that was sent as {@link #raw}. */
  public Verdict await() throws IOException {
    return receive();
  }

  public boolean inMessage() {
    return inMessage;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }

  private void endMessage() {
    inMessage = false;
    skipBody = false;
    undefine("i");
    if (mode == Mode.MESSAGE_ACCEPTED) {
      mode = Mode.EVENTS;
    }
  }

  private Verdict event(char command, byte[] payload) throws IOException {
    if (mode != Mode.EVENTS || MilterSteps.notWanted(command, agreement.steps())) {
      return Verdict.NONE;
    }
    sendMacros(command);
    wire.put(command, payload, 0, payload.length);
    if (MilterSteps.notAnswered(command, agreement.steps())) {
      return Verdict.NONE;
    }
    Verdict verdict = receive();
    if (verdict.word() == Verdict.Word.ACCEPT) {
      mode = inMessage ? Mode.MESSAGE_ACCEPTED : Mode.CONNECTION_ACCEPTED;
    }
    return verdict;
  }

  private void sendMacros(char command) throws IOException {
    String asked = agreement.macroLists().get(command);
    List<String> names =
        asked == null ? habit.macros(command) : List.of(asked.strip().split("[ ,]+", -1));
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(command);
    for (String name : names) {
      String value = macros.get(name);
      if (value != null) {
        string(payload, name);
        string(payload, value);
      }
    }
    if (payload.size() > 1) {
      wire.put('D', payload.toByteArray(), 0, payload.size());
    }
  }

  private Verdict receive() throws IOException {
    List<Character> changes = new ArrayList<>();
    while (true) {
      MilterWire.Packet packet = wire.receive();
      Verdict.Word word = Verdict.Word.of(packet.command());
      if (word == null) {
        if (packet.command() != 'p') {
          changes.add(packet.command());
        }
        continue;
      }
      String text = word == Verdict.Word.REPLYCODE ? MilterWire.string(packet.payload()) : "";
      return new Verdict(word, text, changes);
    }
  }

  private static byte[] strings(String first, String... others) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    string(payload, first);
    for (String other : others) {
      string(payload, other);
    }
    return payload.toByteArray();
  }

  private static void string(ByteArrayOutputStream payload, String text) {
    payload.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    payload.write(0);
  }
}
