package org.mailjournal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.nightcode.milter.Actions;
import org.nightcode.milter.CommandCode;
import org.nightcode.milter.MacroPlace;
import org.nightcode.milter.ProtocolSteps;

/**
 * What both sides agree on: of what we want, that which the MTA offers.
 *
 * @param version the lower of the MTA's and ours
 * @param actions nothing but SMFIF_SETSYMLIST: no message is changed
 * @param steps which commands come, and which go without a reply
 */
record Negotiation(int version, int actions, int steps) {
  private static final int OLDEST = 2;
  private static final int NEWEST = 6;
  private static final int SET_SYMBOL_LIST = Actions.builder().setSymList().build().bitmap();

  /**
   * All that comes unasked, also refused recipients, also the space behind a header field's colon;
   * a reply to the end of a message only. SMFIP_SKIP is not wanted: the body is counted to its end.
   */
  private static final int WANTED =
      ProtocolSteps.builder()
          .noUnknownCommands()
          .sendRejectedRecipients()
          .headerValueLeadingSpace()
          .noReplyForConnect()
          .noReplyForHelo()
          .noReplyForMailFrom()
          .noReplyForRecipients()
          .noReplyForData()
          .noReplyForUnknown()
          .noReplyForHeaders()
          .noReplyForEoh()
          .noReplyForBodyChunk()
          .build()
          .bitmap();

  /**
   * The macros to ask for. An MTA that takes lists sends nothing but what they name: Postfix
   * empties its own lists first.
   */
  private static final Map<MacroPlace, String> SYMBOLS =
      new EnumMap<>(
          Map.of(
              MacroPlace.SMFIM_CONNECT,
              "j v _ {daemon_name} {daemon_addr} {if_addr} {client_name} {client_addr}"
                  + " {client_port}",
              MacroPlace.SMFIM_HELO,
              "{tls_version} {cipher} {cipher_bits}",
              MacroPlace.SMFIM_ENVFROM,
              "i {auth_authen} {mail_addr} {mail_mailer}",
              MacroPlace.SMFIM_ENVRCPT,
              "i {rcpt_mailer} {rcpt_host} {rcpt_addr}",
              MacroPlace.SMFIM_DATA,
              "i",
              MacroPlace.SMFIM_EOM,
              "i {msg_id} {nrcpts} {nbadrcpts} {msg_size}"));

  /**
   * The agreement with an MTA.
   *
   * @throws ProtocolException when its protocol is older than version 2
   */
  static Negotiation with(Command.Negotiate offer) {
    if (offer.version() < OLDEST) {
      throw ProtocolException.negotiation(
          "protocol version " + OLDEST + " or later", "version " + offer.version());
    }
    return new Negotiation(
        Math.min(offer.version(), NEWEST),
        offer.actions() & SET_SYMBOL_LIST,
        offer.steps() & WANTED);
  }

  boolean wantsReply(CommandCode command) {
    return (steps & command.noReplyBit()) == 0;
  }

  /** Whether header values come with the space that stood behind the colon. */
  boolean leadingSpace() {
    return (steps & ProtocolSteps.HEADER_VALUE_LEADING_SPACE) != 0;
  }

  ByteBuf packet(ByteBufAllocator allocator) {
    ByteBuf content = Unpooled.buffer();
    content.writeInt(version).writeInt(actions).writeInt(steps);
    if (actions != 0) {
      SYMBOLS.forEach(
          (place, names) -> {
            content.writeInt(place.index());
            content.writeCharSequence(names, StandardCharsets.US_ASCII);
            content.writeByte(0);
          });
    }
    return PacketWriter.packet(
        allocator, CommandCode.SMFIC_OPTNEG.code(), ByteBufUtil.getBytes(content));
  }
}
