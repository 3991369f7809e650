package org.mailjournal.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Sessions that write down what they are told, in one list for all of them. */
final class Witness implements SessionFactory {
  static final CompletableFuture<Reply> CONTINUE =
      CompletableFuture.completedFuture(new Reply.Continue());

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Supplier<CompletableFuture<Reply>> reply;

  Witness() {
    this(() -> CONTINUE);
  }

  Witness(Supplier<CompletableFuture<Reply>> reply) {
    this.reply = reply;
  }

  List<String> heard() {
    return List.copyOf(heard);
  }

  long count(String word) {
    return heard.stream().filter(line -> line.startsWith(word)).count();
  }

  @Override
  public MilterSession open() {
    heard.add("open");
    return new Session();
  }

  private final class Session implements MilterSession {
    @Override
    public void connect(Command.Connect command, Macros macros) {
      heard.add(
          "connect " + text(command.hostName()) + " " + command.address().orElse("no address"));
    }

    @Override
    public void helo(Command.Helo command, Macros macros) {
      heard.add("helo " + text(command.name()) + id(macros));
    }

    @Override
    public void mail(Command.Mail command, Macros macros) {
      heard.add("mail " + text(command.path()) + texts(command.parameters()) + id(macros));
    }

    @Override
    public void recipient(Command.Recipient command, Macros macros) {
      heard.add("rcpt " + text(command.path()) + texts(command.parameters()) + id(macros));
    }

    @Override
    public void data(Macros macros) {
      heard.add("data" + id(macros));
    }

    @Override
    public void header(Command.Header command) {
      heard.add("header " + text(command.name()) + ":" + text(command.value()));
    }

    @Override
    public void endOfHeaders(Macros macros) {
      heard.add("eoh");
    }

    @Override
    public void body(Octets piece) {
      heard.add("body " + piece.length());
    }

    @Override
    public CompletionStage<Reply> endOfMessage(Macros macros) {
      heard.add("eom" + id(macros));
      return reply.get();
    }

    @Override
    public void abort() {
      heard.add("abort");
    }

    @Override
    public void closed() {
      heard.add("closed");
    }
  }

  private static String id(Macros macros) {
    return macros.get("i").map(i -> " i=" + text(i)).orElse("");
  }

  private static String texts(List<Octets> octets) {
    StringBuilder texts = new StringBuilder();
    octets.forEach(one -> texts.append(' ').append(text(one)));
    return texts.toString();
  }

  private static String text(Octets octets) {
    return new String(octets.toArray(), StandardCharsets.ISO_8859_1);
  }
}
