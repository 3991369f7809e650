package org.mailjournal.session;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.ReceiptPolicy;
import org.mailjournal.protocol.Command;
import org.mailjournal.protocol.Macros;
import org.mailjournal.protocol.MilterSession;
import org.mailjournal.protocol.Octets;
import org.mailjournal.protocol.Reply;

/**
 * One client of the MTA, and the message that it is handing in, if any. Protocol calls it in order
 * and from one thread at a time.
 */
final class Session implements MilterSession {
  private final Recording recording;
  private final ReceiptPolicy receipts;
  private final Neighbours neighbours;
  private final LongAdder messages;
  private final LongAdder aborted;
  private Optional<String> mta = Optional.empty();
  private Optional<String> name = Optional.empty();
  private Optional<String> address = Optional.empty();
  private Optional<String> helo = Optional.empty();
  private Optional<String> tls = Optional.empty();
  private boolean tap = true;
  private boolean believed;
  private Envelope envelope;
  private Content content;
  private Optional<ReceiptWish> wish = Optional.empty();

  Session(
      Recording recording,
      Neighbours neighbours,
      ReceiptPolicy receipts,
      LongAdder messages,
      LongAdder aborted) {
    this.recording = recording;
    this.neighbours = neighbours;
    this.receipts = receipts;
    this.messages = messages;
    this.aborted = aborted;
  }

  @Override
  public void connect(Command.Connect command, Macros macros) {
    mta = Text.of(macros, "j");
    // Postfix's {client_name} is "unknown" where its CONNECT has "[192.0.2.1]".
    name = Text.of(macros, "client_name").or(() -> Optional.of(Text.of(command.hostName())));
    address = command.address().map(IpText::canonical);
    believed = neighbours.include(address, server(macros));
    // Sendmail's {v} is a bare version, "8.17.1.9"; Postfix's is "Postfix 3.7.11".
    tap = Text.of(macros, "v").filter(v -> Character.isDigit(v.charAt(0))).isEmpty();
  }

  /**
   * The address that the client reached. Sendmail's {daemon_addr} is what it listens at, by default
   * 0.0.0.0; it has {if_addr} besides, but for loopback (daemon.c of 8.17). Postfix has no
   * {if_addr}.
   */
  private static Optional<String> server(Macros macros) {
    return Text.of(macros, "if_addr")
        .or(() -> Text.of(macros, "daemon_addr"))
        .map(IpText::canonical);
  }

  @Override
  public void helo(Command.Helo command, Macros macros) {
    helo = Optional.of(Text.of(command.name())).filter(given -> !given.isEmpty());
    tls =
        Text.of(macros, "tls_version")
            .map(v -> Text.of(macros, "cipher").map(c -> v + " " + c).orElse(v));
  }

  @Override
  public void mail(Command.Mail command, Macros macros) {
    envelope =
        new Envelope(Address.ofPath(Text.of(command.path())), Text.of(macros, "auth_authen"), tap);
    content = new Content(believed);
    wish =
        receipts.mayGive(envelope.sender(), envelope.authenticatedAs(), client())
            ? Optional.of(new ReceiptWish(receipts))
            : Optional.empty();
  }

  private Client client() {
    return new Client(name, address, helo, tls);
  }

  @Override
  public void recipient(Command.Recipient command, Macros macros) {
    List<String> parameters = Text.of(command.parameters());
    envelope.recipient(Address.ofPath(Text.of(command.path())), Mark.of(parameters, tap), macros);
  }

  /** Nothing is kept: what DATA's macros tell comes again at the end. */
  @Override
  public void data(Macros macros) {}

  @Override
  public void header(Command.Header command) {
    content.header(command.name(), command.value());
    wish.ifPresent(w -> w.header(command.name(), command.value()));
  }

  @Override
  public void endOfHeaders(Macros macros) {
    content.endOfHeaders();
  }

  @Override
  public void body(Octets piece) {
    content.body(piece);
  }

  @Override
  public CompletionStage<Reply> endOfMessage(Macros macros) {
    messages.increment();
    // Sendmail shows no milter the field that it adds, and names it only here (collect.c, 8.17).
    Text.of(macros, "msg_id").ifPresent(content::named);
    Optional<String> host = Text.of(macros, "j").or(() -> mta);
    CompletionStage<Reply> reply =
        recording.record(host, Text.of(macros, "i"), client(), envelope, content, wish);
    forget();
    return reply;
  }

  @Override
  public void abort() {
    aborted.increment();
    forget();
  }

  @Override
  public void closed() {
    forget();
  }

  private void forget() {
    envelope = null;
    content = null;
    wish = Optional.empty();
  }
}
