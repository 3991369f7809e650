package org.mailjournal.protocol;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nightcode.milter.CommandCode;

/**
 * What the MTA has told about itself, the client and the message. Macros belong to the command that
 * they are announced for and last until that command comes again; those of a message end with it,
 * so that no message is ever taken for the one before it.
 */
public final class Macros {
  /** More than any MTA sends: sendmail's own limit is 50 names for each command. */
  private static final int MOST = 64;

  private static final int LONGEST = 4096;
  private static final int LARGEST = 65_536;

  /** Where to look for a macro, latest first. */
  private static final List<CommandCode> STAGES =
      List.of(
          CommandCode.SMFIC_EOB,
          CommandCode.SMFIC_EOH,
          CommandCode.SMFIC_DATA,
          CommandCode.SMFIC_RCPT,
          CommandCode.SMFIC_MAIL,
          CommandCode.SMFIC_HELO,
          CommandCode.SMFIC_CONNECT);

  private final Map<CommandCode, Map<String, Octets>> stages = new EnumMap<>(CommandCode.class);
  private final Set<CommandCode> announced = EnumSet.noneOf(CommandCode.class);

  Macros() {}

  /**
   * The value that was told last.
   *
   * @param name without braces: {@code i}, {@code auth_authen}
   */
  public Optional<Octets> get(String name) {
    for (CommandCode stage : STAGES) {
      Octets value = stages.getOrDefault(stage, Map.of()).get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Takes what fits; what is too much or too long is nothing that we ask for. */
  void define(Command.Define define) {
    for (CommandCode stage : STAGES) {
      if (stage.code() == define.stage()) {
        stages.put(stage, read(define.words()));
        announced.add(stage);
      }
    }
  }

  private static Map<String, Octets> read(List<Octets> words) {
    Map<String, Octets> macros = new HashMap<>();
    int total = 0;
    for (int i = 0; i + 1 < words.size() && macros.size() < MOST; i += 2) {
      int size = words.get(i).length() + words.get(i + 1).length();
      total += size;
      if (size <= LONGEST && total <= LARGEST) {
        macros.put(bare(words.get(i).ascii()), words.get(i + 1).compact());
      }
    }
    return macros;
  }

  /** MTAs write {@code i} and {@code {auth_authen}}; some write {@code {i}}. */
  private static String bare(String name) {
    return name.length() > 2 && name.startsWith("{") && name.endsWith("}")
        ? name.substring(1, name.length() - 1)
        : name;
  }

  /** A command comes: what an earlier one of its kind was announced with is over. */
  void enter(CommandCode command) {
    if (!announced.remove(command)) {
      stages.remove(command);
    }
    if (command == CommandCode.SMFIC_MAIL) {
      STAGES.subList(0, STAGES.indexOf(CommandCode.SMFIC_MAIL)).forEach(this::forget);
    }
  }

  /** The message is over. */
  void endMessage() {
    STAGES.subList(0, STAGES.indexOf(CommandCode.SMFIC_HELO)).forEach(this::forget);
  }

  /** The client is gone. */
  void clear() {
    STAGES.forEach(this::forget);
  }

  private void forget(CommandCode stage) {
    stages.remove(stage);
    announced.remove(stage);
  }
}
