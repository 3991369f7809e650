package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** The first packets of a milter connection: what the MTA offers, and what the milter takes. */
final class MilterNegotiation {
  /** The commands whose macro lists SETSYMLIST can set, in the order of its numbers (SMFIM_*). */
  private static final String LIST_COMMANDS = "CHMRTEN";

  private MilterNegotiation() {}

  static MilterClient.Agreement with(MilterWire wire, MilterClient.Agreement offer)
      throws IOException {
    ByteBuffer ours = ByteBuffer.allocate(12);
    ours.putInt(offer.version()).putInt(offer.actions()).putInt(offer.steps());
    wire.put('O', ours.array(), 0, 12);
    MilterWire.Packet packet = wire.receive();
    ByteBuffer theirs = packet.payload();
    if (packet.command() != 'O' || theirs.remaining() < 12) {
      throw new IOException("negotiation: expected 12 bytes of O, got " + packet);
    }
    int version = theirs.getInt();
    int actions = theirs.getInt();
    int steps = theirs.getInt();
    // As Postfix checks it: more than was offered ends the conversation.
    if (version > offer.version() || (actions & ~offer.actions()) != 0) {
      throw new IOException(
          "negotiation: offered %s, the milter wants version %d, actions %x"
              .formatted(offer, version, actions));
    }
    return new MilterClient.Agreement(version, actions, steps, macroLists(theirs));
  }

  private static Map<Character, String> macroLists(ByteBuffer theirs) {
    Map<Character, String> lists = new HashMap<>();
    while (theirs.remaining() >= 5) {
      int stage = theirs.getInt();
      String names = MilterWire.string(theirs);
      if (stage >= 0 && stage < LIST_COMMANDS.length()) {
        lists.put(LIST_COMMANDS.charAt(stage), names);
      }
    }
    return Map.copyOf(lists);
  }
}
