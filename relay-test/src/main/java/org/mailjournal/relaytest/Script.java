package org.mailjournal.relaytest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an exchanger does at successive attempts: at each at most one thing out of the ordinary, at
 * one stage. The last one is done for ever.
 */
public final class Script {
  /** One thing out of the ordinary. */
  public sealed interface Act {
    Stage stage();
  }

  /** Answers so at the stage; a 421 closes the connection as well (RFC 5321 section 3.8). */
  public record Answer(Stage stage, Reply reply) implements Act {
    public Answer {
      if (stage == Stage.CONNECT) {
        throw new IllegalArgumentException("nothing can be answered before the greeting");
      }
    }
  }

  /** Closes the connection at the stage without an answer. */
  public record Drop(Stage stage) implements Act {}

  /** Says nothing at the stage until {@link Exchanger#release()}; then goes on as usual. */
  public record Stall(Stage stage) implements Act {}

  /** Takes the message, says so, and closes the connection at once. */
  public record Leave() implements Act {
    @Override
    public Stage stage() {
      return Stage.DOT;
    }
  }

  private static final Script ACCEPT = new Script(List.of(Optional.empty()));

  private final List<Optional<Act>> attempts;

  private Script(List<Optional<Act>> attempts) {
    this.attempts = List.copyOf(attempts);
  }

  /** Takes everything. */
  public static Script accept() {
    return ACCEPT;
  }

  /** Takes everything, with this reply to the final dot. */
  public static Script accept(Reply reply) {
    return answer(Stage.DOT, reply);
  }

  /** Always answers so. */
  public static Script answer(Stage stage, Reply reply) {
    return always(new Answer(stage, reply));
  }

  /** Always drops the connection. */
  public static Script drop(Stage stage) {
    return always(new Drop(stage));
  }

  /** Takes every message and leaves. */
  public static Script leave() {
    return always(new Leave());
  }

  /** Stalls until released. */
  public static Script stall(Stage stage) {
    return always(new Stall(stage));
  }

  /** Refuses so many RCPT with a 450, then takes the recipient. */
  public static Script temporary(int attempts) {
    return answer(Stage.RCPT, Reply.of(450, "4.2.0 mailbox busy")).times(attempts);
  }

  /** Refuses the recipient for good. */
  public static Script permanent() {
    return answer(Stage.RCPT, Reply.of(550, "5.1.1 no such user here"));
  }

  /** Refuses the message for good when all of it is there. */
  public static Script permanentAtData() {
    return answer(Stage.DOT, Reply.of(554, "5.7.1 message content rejected"));
  }

  /** Refuses the first RCPT as greylisting does, takes the second. */
  public static Script greylist() {
    return answer(Stage.RCPT, Reply.of(451, "4.7.1 Greylisted, try again later")).times(1);
  }

  /** This, so many times, then accepts. */
  public Script times(int count) {
    return new Script(repeat(count)).then(ACCEPT);
  }

  /** All the attempts of this, and then the other. */
  public Script then(Script other) {
    return new Script(Stream.concat(attempts.stream(), other.attempts.stream()).toList());
  }

  Optional<Act> at(int attempt) {
    return attempts.get(Math.min(attempt, attempts.size() - 1));
  }

  private static Script always(Act act) {
    return new Script(List.of(Optional.of(act)));
  }

  private List<Optional<Act>> repeat(int count) {
    List<Optional<Act>> repeated = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      repeated.addAll(attempts);
    }
    return repeated;
  }
}
