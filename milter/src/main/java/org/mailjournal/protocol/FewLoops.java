package org.mailjournal.protocol;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;
import io.netty.util.concurrent.ThreadPerTaskExecutor;
import java.nio.channels.spi.SelectorProvider;

/**
 * Gives connections to as few event loops as can well serve them. Postfix opens one for each
 * session, for a few packets; taken in turn, each woke another thread, and the same packets took
 * two thirds more of the processors, most likely for what that thread had to bring into its caches
 * (doc/PERFORMANCE.md). From so many connections on they are spread as evenly as can be.
 */
final class FewLoops implements EventExecutorChooser {
  /** Connections with which a loop has enough to do. */
  static final int ENOUGH = 16;

  private final EventExecutor[] loops;

  private FewLoops(EventExecutor[] loops) {
    this.loops = loops;
  }

  /** As many as Netty has by default; threads are made when they are needed. */
  static EventLoopGroup group() {
    return new NioEventLoopGroup(
        0,
        new ThreadPerTaskExecutor(new DefaultThreadFactory("milter", true)),
        FewLoops::new,
        SelectorProvider.provider(),
        DefaultSelectStrategyFactory.INSTANCE);
  }

  /**
   * The first that has room, else one of those with the fewest connections; those on their way to a
   * loop count, and a loop that has ended is none.
   */
  @Override
  public EventExecutor next() {
    EventExecutor least = loops[0];
    int fewest = Integer.MAX_VALUE;
    for (EventExecutor executor : loops) {
      SingleThreadEventLoop loop = (SingleThreadEventLoop) executor;
      if (loop.isShuttingDown()) {
        continue;
      }
      int connections = loop.registeredChannels() + loop.pendingTasks();
      if (connections < ENOUGH) {
        return loop;
      }
      if (connections < fewest) {
        fewest = connections;
        least = loop;
      }
    }
    return least;
  }
}
