package org.mailjournal.protocol;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Acknowledges at once what was read. MTAs write what needs no reply in several small pieces
 * (sendmail each packet, Postfix what smtpd and then cleanup has to say) and do not set
 * TCP_NODELAY: their kernel holds a small piece back until the one before it is acknowledged, and
 * ours holds the acknowledgement back for up to 40 ms because we have nothing to say. Those are the
 * 44 ms at the end of a message over TCP. Linux forgets the option by itself, so it is set after
 * every read.
 */
final class QuickAcknowledgement extends ChannelInboundHandlerAdapter {
  private static final ChannelOption<Boolean> QUICK_ACK =
      NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    if (ctx.channel().isActive()) {
      // False where the system does not know the option, which is no harm.
      ctx.channel().config().setOption(QUICK_ACK, true);
    }
  }
}
