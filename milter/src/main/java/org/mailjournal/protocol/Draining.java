package org.mailjournal.protocol;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hears of messages that begin while the daemon stops, and has each of them come again later. An
 * answer, not a closed connection: what an MTA does without its milter is its administrator's
 * choice, and he may have chosen to take mail unseen.
 */
enum Draining implements MilterSession {
  SESSION;

  static final Reply REFUSAL =
      new Reply.Refusal(451, "4.3.2", "System is shutting down, try again later");

  @Override
  public void connect(Command.Connect command, Macros macros) {}

  @Override
  public void helo(Command.Helo command, Macros macros) {}

  @Override
  public void mail(Command.Mail command, Macros macros) {}

  @Override
  public void recipient(Command.Recipient command, Macros macros) {}

  @Override
  public void data(Macros macros) {}

  @Override
  public void header(Command.Header command) {}

  @Override
  public void endOfHeaders(Macros macros) {}

  @Override
  public void body(Octets piece) {}

  @Override
  public CompletionStage<Reply> endOfMessage(Macros macros) {
    return CompletableFuture.completedFuture(REFUSAL);
  }

  @Override
  public void abort() {}

  @Override
  public void closed() {}
}
