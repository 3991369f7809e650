package org.mailjournal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.nightcode.milter.ResponseCode;

/**
 * Writes one packet into one buffer, length and all, so that it leaves in one write. Written in
 * two, the second waits for the acknowledgement of the first (Nagle), which the MTA's side holds
 * back for 40 ms.
 */
final class PacketWriter {
  private PacketWriter() {}

  static ByteBuf write(ByteBufAllocator allocator, Reply reply) {
    if (reply instanceof Reply.Refusal refusal) {
      String text = refusal.code() + " " + refusal.status() + " " + refusal.text() + "\0";
      return packet(
          allocator, ResponseCode.SMFIR_REPLYCODE.code(), text.getBytes(StandardCharsets.US_ASCII));
    }
    ResponseCode code =
        reply instanceof Reply.Continue ? ResponseCode.SMFIR_CONTINUE : ResponseCode.SMFIR_TEMPFAIL;
    return packet(allocator, code.code(), new byte[0]);
  }

  static ByteBuf packet(ByteBufAllocator allocator, int letter, byte[] content) {
    ByteBuf packet = allocator.buffer(Integer.BYTES + 1 + content.length);
    return packet.writeInt(1 + content.length).writeByte(letter).writeBytes(content);
  }
}
