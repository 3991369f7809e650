package org.mailjournal.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.mailjournal.journal.Address;

/** The arguments of MAIL and RCPT (RFC 5321 section 4.1.2), taken apart no further than needed. */
final class Envelope {
  private Envelope() {}

  /** A path with its angle brackets, and the parameters behind it. */
  private record Arguments(String path, List<String> parameters) {}

  /**
   * A sender.
   *
   * @param path with its angle brackets
   */
  record Mail(Address sender, String path, OptionalLong size, boolean eightBit, boolean utf8) {
    /** The command for a next hop, with what it offers. */
    String command(NextHop hop) {
      StringBuilder command = new StringBuilder("MAIL FROM:").append(path);
      if (size.isPresent() && hop.offers("SIZE")) {
        command.append(" SIZE=").append(size.getAsLong());
      }
      if (eightBit && hop.offers("8BITMIME")) {
        command.append(" BODY=8BITMIME");
      }
      if (utf8 && hop.offers("SMTPUTF8")) {
        command.append(" SMTPUTF8");
      }
      return command.toString();
    }
  }

  /** Why a command cannot be taken. */
  static final class BadCommandException extends Exception {
    private final transient Answer answer;

    private BadCommandException(int code, String dsn, String words) {
      super(words);
      this.answer = Answer.ours(code, dsn, words);
    }

    Answer answer() {
      return answer;
    }
  }

  static Mail mail(String line) throws BadCommandException {
    Arguments arguments = arguments(line, "MAIL FROM:");
    OptionalLong size = OptionalLong.empty();
    boolean eightBit = false;
    boolean utf8 = false;
    for (String parameter : arguments.parameters()) {
      String word = parameter.toUpperCase(Locale.ROOT);
      if (word.matches("SIZE=[0-9]{1,18}")) {
        size = OptionalLong.of(Long.parseLong(word.substring("SIZE=".length())));
      } else if (word.equals("BODY=8BITMIME") || word.equals("BODY=7BIT")) {
        eightBit = word.endsWith("8BITMIME");
      } else if (word.equals("SMTPUTF8")) {
        utf8 = true;
      } else {
        throw unknown(parameter);
      }
    }
    return new Mail(address(arguments), arguments.path(), size, eightBit, utf8);
  }

  /** The path of a RCPT command, with its angle brackets. */
  static String recipient(String line) throws BadCommandException {
    Arguments arguments = arguments(line, "RCPT TO:");
    if (!arguments.parameters().isEmpty()) {
      throw unknown(arguments.parameters().get(0));
    }
    if (arguments.path().equals("<>")) {
      throw new BadCommandException(501, "5.1.3", "RCPT without an address");
    }
    return arguments.path();
  }

  private static BadCommandException unknown(String parameter) {
    return new BadCommandException(555, "5.5.4", "parameter " + parameter + " is not offered");
  }

  private static Address address(Arguments arguments) {
    return Address.ofPath(arguments.path());
  }

  private static Arguments arguments(String line, String command) throws BadCommandException {
    String head = command.substring(0, command.indexOf(' '));
    String rest = line.substring(head.length()).stripLeading();
    String keyword = command.substring(head.length() + 1);
    int end = -1;
    String path = "";
    if (rest.regionMatches(true, 0, keyword, 0, keyword.length())) {
      path = rest.substring(keyword.length()).stripLeading();
      end = endOfPath(path);
    }
    if (end < 0) {
      throw new BadCommandException(501, "5.5.4", "expected " + command + "<address>");
    }
    List<String> parameters = new ArrayList<>();
    for (String parameter : path.substring(end).strip().split(" +", -1)) {
      Optional.of(parameter).filter(p -> !p.isEmpty()).ifPresent(parameters::add);
    }
    return new Arguments(path.substring(0, end), parameters);
  }

  /** Behind the closing bracket; a quoted local part may hold one of its own. */
  private static int endOfPath(String text) {
    if (!text.startsWith("<")) {
      return -1;
    }
    boolean quoted = false;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7f) {
        return -1;
      } else if (c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '>' && !quoted) {
        return i + 1;
      }
    }
    return -1;
  }
}
