package org.mailjournal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.nightcode.milter.CommandCode;
import org.nightcode.milter.ProtocolFamily;

/**
 * Reads one packet: a letter and what belongs to it. jmilter's own decoder reads past the end of an
 * empty packet, and its processors decode all text as UTF-8 and look up addresses in the DNS; here
 * bytes stay bytes, and nothing is looked up.
 */
final class PacketReader {
  private static final int NEGOTIATION = 12;

  /** Sendmail and RFC 5321 section 4.1.3 write it before an IPv6 address, Postfix does not. */
  private static final String IPV6 = "ipv6:";

  private final byte[] packet;
  private int next;

  private PacketReader(byte[] packet) {
    this.packet = packet;
  }

  /**
   * The command in a packet, its length field already taken off.
   *
   * @throws ProtocolException for an empty packet, an unknown letter, or one without its content
   */
  static Command read(ByteBuf frame) {
    if (!frame.isReadable()) {
      throw ProtocolException.malformed("(empty)", "a letter", "nothing");
    }
    CommandCode code = code(frame.readByte());
    return switch (code) {
      case SMFIC_OPTNEG -> negotiate(frame);
      case SMFIC_BODY -> new Command.Body(Octets.view(rest(frame)));
      case SMFIC_EOB -> new Command.EndOfMessage(Octets.view(rest(frame)));
      case SMFIC_DATA -> new Command.Data();
      case SMFIC_EOH -> new Command.EndOfHeaders();
      case SMFIC_ABORT -> new Command.Abort();
      case SMFIC_QUIT -> new Command.Quit();
      case SMFIC_QUIT_NC -> new Command.QuitNewConnection();
      case SMFIC_UNKNOWN -> new Command.Unknown();
      case SMFIC_MACRO, SMFIC_CONNECT, SMFIC_HELO, SMFIC_MAIL, SMFIC_RCPT, SMFIC_HEADER ->
          new PacketReader(rest(frame)).text(code);
    };
  }

  private static byte[] rest(ByteBuf frame) {
    byte[] rest = new byte[frame.readableBytes()];
    frame.readBytes(rest);
    return rest;
  }

  private static CommandCode code(byte letter) {
    try {
      return CommandCode.valueOf(letter);
    } catch (IllegalArgumentException | NoSuchElementException unknown) {
      throw ProtocolException.malformed(
          String.format(Locale.ROOT, "0x%02x", letter), "a letter of the milter protocol", "this");
    }
  }

  private static Command negotiate(ByteBuf frame) {
    if (frame.readableBytes() < NEGOTIATION) {
      throw ProtocolException.malformed(
          CommandCode.SMFIC_OPTNEG.name(),
          "at least " + NEGOTIATION + " octets",
          frame.readableBytes() + " octets");
    }
    return new Command.Negotiate(frame.readInt(), frame.readInt(), frame.readInt());
  }

  private Command text(CommandCode code) {
    if (packet.length == 0) {
      throw ProtocolException.malformed(code.name(), "text", "nothing");
    }
    return switch (code) {
      case SMFIC_MACRO -> new Command.Define((char) (packet[next++] & 0xff), strings());
      case SMFIC_CONNECT -> connect();
      case SMFIC_HELO -> new Command.Helo(string());
      case SMFIC_MAIL -> new Command.Mail(string(), strings());
      case SMFIC_RCPT -> new Command.Recipient(string(), strings());
      default -> new Command.Header(string(), string());
    };
  }

  /**
   * A host name, NUL, a family; then for all but the unknown family a port and an address. Postfix
   * ends the unknown family without a NUL. After XCLIENT an INET address can be the word {@code
   * unknown}.
   */
  private Command connect() {
    Octets hostName = string();
    if (next >= packet.length) {
      throw ProtocolException.malformed(
          CommandCode.SMFIC_CONNECT.name(), "an address family behind the host name", "nothing");
    }
    int family = packet[next++] & 0xff;
    next = Math.min(packet.length, next + Short.BYTES);
    boolean internet =
        family == ProtocolFamily.SMFIA_INET.code() || family == ProtocolFamily.SMFIA_INET6.code();
    return new Command.Connect(hostName, internet ? literal(string().ascii()) : Optional.empty());
  }

  private static Optional<String> literal(String text) {
    String address =
        text.regionMatches(true, 0, IPV6, 0, IPV6.length()) ? text.substring(IPV6.length()) : text;
    return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address)
        ? Optional.of(address)
        : Optional.empty();
  }

  /** Up to a NUL, which some MTAs leave out at the end. */
  private Octets string() {
    int from = next;
    int end = from;
    while (end < packet.length && packet[end] != 0) {
      end++;
    }
    next = Math.min(packet.length, end + 1);
    return Octets.view(packet, from, end - from);
  }

  private List<Octets> strings() {
    List<Octets> strings = new ArrayList<>();
    while (next < packet.length) {
      strings.add(string());
    }
    return strings;
  }
}
