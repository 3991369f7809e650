package org.mailjournal.protocol;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops accepting while the most connections are open. The MTA's next connection waits in the
 * system's queue then; closed at once, it would have its mail refused or even taken unseen.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

  private final int most;

  /** Belongs to the listening channel's event loop. */
  private int open;

  private volatile boolean stopped;

  ConnectionLimit(int most) {
    this.most = most;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object accepted) {
    open++;
    if (open == most) {
      LOG.warn("milter listen: {} connections are open, the most allowed; others wait", open);
      ctx.channel().config().setAutoRead(false);
    }
    ((Channel) accepted)
        .closeFuture()
        .addListener(
            closed -> {
              if (!stopped) {
                ctx.executor().execute(() -> release(ctx));
              }
            });
    ctx.fireChannelRead(accepted);
  }

  private void release(ChannelHandlerContext ctx) {
    open--;
    if (open == most - 1 && !stopped) {
      ctx.channel().config().setAutoRead(true);
    }
  }
}
