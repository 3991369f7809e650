package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.nightcode.milter.CommandCode;
import org.nightcode.milter.ProtocolSteps;

class NegotiationTest {
  private static final int SET_SYMBOL_LIST = 0x100;
  private static final int MESSAGE_CHANGES = 0xff;
  private static final int LARGE_PACKETS = 0x30000000;

  private static Negotiation with(int version, int actions, int steps) {
    return Negotiation.with(new Command.Negotiate(version, actions, steps));
  }

  @Test
  void noActionThatChangesAMessageIsEverTaken() {
    assertEquals(0, with(6, -1, -1).actions() & MESSAGE_CHANGES);
  }

  @Test
  void nothingIsTakenThatWasNotOffered() {
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int offered = 1 << bit;
      assertEquals(0, with(6, offered, 0).actions() & ~offered);
      assertEquals(0, with(6, 0, offered).steps() & ~offered);
    }
  }

  @Test
  void anMtaThatOffersMoreThanWeKnowIsNotTurnedAway() {
    Negotiation agreed = with(7, -1, -1);
    assertEquals(6, agreed.version());
    assertEquals(0, agreed.steps() & LARGE_PACKETS);
  }

  @Test
  void anMtaThatOffersNothingIsNotTurnedAway() {
    Negotiation agreed = with(2, 0, 0);
    assertEquals(2, agreed.version());
    assertTrue(agreed.wantsReply(CommandCode.SMFIC_RCPT));
    assertFalse(agreed.leadingSpace());
  }

  @Test
  void aVersionBefore2IsTurnedAwayWithTheReason() {
    ProtocolException refusal = assertThrows(ProtocolException.class, () -> with(1, 0xf, 0x3f));
    assertTrue(refusal.getMessage().contains("version 1"));
  }

  @Test
  void refusedRecipientsAreWantedAndNoPartOfTheMessageIsSkipped() {
    int steps = with(6, 0x1ff, 0x1fffff).steps();
    assertTrue((steps & ProtocolSteps.SEND_REJECT_RECIPIENTS) != 0);
    int skipped =
        ProtocolSteps.NO_CONNECT
            | ProtocolSteps.NO_HELO
            | ProtocolSteps.NO_MAIL_FROM
            | ProtocolSteps.NO_RECIPIENTS
            | ProtocolSteps.NO_BODY
            | ProtocolSteps.NO_HEADERS
            | ProtocolSteps.NO_EOH
            | ProtocolSteps.NO_DATA;
    assertEquals(0, steps & skipped);
  }

  @Test
  void onlyTheEndOfAMessageIsAnsweredWhereTheMtaAllowsThat() {
    Negotiation agreed = with(6, 0x1ff, 0x1fffff);
    assertTrue(agreed.wantsReply(CommandCode.SMFIC_EOB));
    for (CommandCode command : CommandCode.values()) {
      boolean always = command == CommandCode.SMFIC_EOB || command == CommandCode.SMFIC_OPTNEG;
      assertEquals(always, agreed.wantsReply(command), command.name());
    }
  }

  @Test
  void macroListsGoOnlyToAnMtaThatTakesThem() {
    assertEquals(4 + 1 + 12, length(with(6, MESSAGE_CHANGES, 0x1fffff)));
    assertTrue(length(with(6, SET_SYMBOL_LIST, 0x1fffff)) > 4 + 1 + 12);
  }

  private static int length(Negotiation agreed) {
    return agreed.packet(UnpooledByteBufAllocator.DEFAULT).readableBytes();
  }

  @Test
  void theQueueIdIsAskedForAtTheEndOfTheMessage() {
    ByteBuf packet = with(6, SET_SYMBOL_LIST, 0).packet(UnpooledByteBufAllocator.DEFAULT);
    String text = packet.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\0\0\0\5i {msg_id}"));
    assertTrue(text.contains("\0\0\0\0j v _ {daemon_name}"));
    assertEquals(packet.readableBytes() - 4, packet.getInt(0));
  }

  @Test
  void anOfferThatIsLongerThanNeededIsRead() {
    ByteBuf frame =
        UnpooledByteBufAllocator.DEFAULT
            .buffer()
            .writeByte('O')
            .writeInt(6)
            .writeInt(0x1ff)
            .writeInt(0x1fffff)
            .writeInt(42);
    assertEquals(new Command.Negotiate(6, 0x1ff, 0x1fffff), PacketReader.read(frame));
  }
}
