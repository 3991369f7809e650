package org.mailjournal.protocol;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops accepting while the most connections are open. The MTA's next connection waits in the
 * system's queue then; closed at once, it would have its mail refused or even taken unseen.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

  /** What goes on for hours is said once in so long. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final int most;

  /** Belongs to the listening channel's event loop. */
  private int open;

  private long lastFull = System.nanoTime() - QUIET.toNanos();
  private long lastFailed = lastFull;
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
      if (System.nanoTime() - lastFull >= QUIET.toNanos()) {
        lastFull = System.nanoTime();
        LOG.warn(
            "milter listen: {} connections are open, the most allowed; others wait"
                + " (milter.max-connections)",
            open);
      }
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

  /**
   * A connection cannot be taken: no file descriptors, most likely. It waits in the system's queue,
   * and without a pause we would try as fast as we can.
   */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored")
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (System.nanoTime() - lastFailed >= QUIET.toNanos()) {
      lastFailed = System.nanoTime();
      LOG.error(
          "milter listen: no more connections can be taken ({}), {} are open; others wait;"
              + " raise LimitNOFILE in the unit, or ulimit -n",
          cause.getMessage(),
          open);
    }
    ctx.channel().config().setAutoRead(false);
    ctx.executor()
        .schedule(
            () -> {
              if (open < most && !stopped) {
                ctx.channel().config().setAutoRead(true);
              }
            },
            PAUSE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void release(ChannelHandlerContext ctx) {
    open--;
    if (open == most - 1 && !stopped) {
      ctx.channel().config().setAutoRead(true);
    }
  }
}
