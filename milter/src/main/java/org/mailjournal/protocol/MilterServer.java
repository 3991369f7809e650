package org.mailjournal.protocol;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for MTAs and gives each client of theirs a session. jmilter's own server is not used: it
 * retries a busy port for ever, hides the real port and drops connections when it closes.
 */
public final class MilterServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MilterServer.class);

  private final Settings settings;
  private final SessionFactory sessions;
  private final Connections connections = new Connections();
  private final ConnectionLimit limit;
  private EventLoopGroup loops;
  private Channel listening;
  private UnixSocket socket;
  private volatile Endpoint endpoint;

  /**
   * How to listen.
   *
   * @param maxConnections while so many are open, others wait in the system's queue
   * @param idle a connection on which the MTA says nothing for so long is closed
   * @param longestPacket the longest packet that is read; its length field counts
   */
  public record Settings(Endpoint listen, int maxConnections, Duration idle, int longestPacket) {
    /** Above the largest piece that an MTA may agree to (SMFIP_MDS_1M). */
    private static final int LONGEST_PACKET = 1_100_000;

    /** With the packet limit that fits all MTAs. */
    public static Settings of(Endpoint listen, int maxConnections, Duration idle) {
      return new Settings(listen, maxConnections, idle, LONGEST_PACKET);
    }
  }

  public MilterServer(Settings settings, SessionFactory sessions) {
    this.settings = settings;
    this.sessions = sessions;
    this.limit = new ConnectionLimit(settings.maxConnections());
  }

  /**
   * Listens and lets MTAs in.
   *
   * @return where: the endpoint asked for, with the real port
   * @throws ProtocolException when the place cannot be had
   */
  public Endpoint start() {
    Endpoint at = bind();
    accept();
    return at;
  }

  /**
   * Takes the place. Who connects waits in the system's queue until {@link #accept}.
   *
   * @return where: the endpoint asked for, with the real port
   * @throws ProtocolException when the place cannot be had
   */
  public Endpoint bind() {
    JmilterLog.silence();
    loops = FewLoops.group();
    try {
      Endpoint at =
          settings.listen() instanceof Endpoint.Unix unix
              ? bind(unix)
              : bind((Endpoint.Inet) settings.listen());
      LOG.info("milter listens at {}", at);
      endpoint = at;
      return at;
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /** Lets in who waits, and whoever comes. */
  public void accept() {
    listening.config().setAutoRead(true);
  }

  private Endpoint bind(Endpoint.Inet inet) {
    InetSocketAddress address = new InetSocketAddress(inet.host(), inet.port());
    ServerBootstrap bootstrap =
        bootstrap()
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true);
    listening = bind(bootstrap, address);
    return new Endpoint.Inet(inet.host(), ((InetSocketAddress) listening.localAddress()).getPort());
  }

  private Endpoint bind(Endpoint.Unix unix) {
    try {
      socket = UnixSocket.prepare(unix);
      try {
        listening = bind(bootstrap().channel(NioServerDomainSocketChannel.class), socket.address());
        socket.publish();
      } finally {
        socket.discard();
      }
      return unix;
    } catch (IOException failure) {
      throw ProtocolException.listen(
          unix,
          "cannot be made (" + failure + ")",
          "check that its directory exists and that this user may write there",
          failure);
    }
  }

  private Channel bind(ServerBootstrap bootstrap, SocketAddress address) {
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw ProtocolException.listen(
          settings.listen(),
          "cannot be had (" + reason(bound.cause()) + ")",
          "stop what listens there, look whether this machine has that address, or choose another",
          bound.cause());
    }
    return bound.channel();
  }

  private static String reason(Throwable cause) {
    return cause instanceof UnresolvedAddressException
        ? "no address is known for that host"
        : Objects.requireNonNullElse(cause.getMessage(), cause.toString());
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(loops)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .option(ChannelOption.AUTO_READ, false)
        .handler(limit)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                assemble(channel.pipeline());
              }
            });
  }

  /** From bytes to a session. */
  void assemble(ChannelPipeline pipeline) {
    if (pipeline.channel() instanceof SocketChannel) {
      pipeline.addLast(new QuickAcknowledgement());
    }
    pipeline.addLast(
        new IdleStateHandler(settings.idle().toMillis(), 0, 0, TimeUnit.MILLISECONDS),
        new LengthFieldBasedFrameDecoder(
            settings.longestPacket(), 0, Integer.BYTES, 0, Integer.BYTES),
        // One read can bring several packets: those behind an end of message wait for its reply.
        new FlowControlHandler(),
        new Connection(connections, sessions));
  }

  /** Takes no new connections; those that are open go on. */
  public void stopAccepting() {
    limit.stop();
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
    if (socket != null) {
      removeSocket();
    }
  }

  private void removeSocket() {
    try {
      socket.remove();
    } catch (IOException failure) {
      Path path = ((Endpoint.Unix) settings.listen()).path();
      LOG.warn("milter close: {} cannot be removed; the next start replaces it", path, failure);
    }
  }

  /**
   * Ends in order: no new connections, no new messages (451 at their end), and open messages may
   * finish. After that time those still open are refused with 451 where a reply is due, and their
   * connections closed.
   *
   * @return how many messages were cut off
   */
  public int drain(Duration patience) {
    stopAccepting();
    connections.drain();
    try {
      int open = connections.awaitQuiet(patience);
      if (open > 0) {
        LOG.warn("milter drain: {} messages still open after {}, cut off", open, patience);
      }
      connections.stopAll();
      return open;
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Where it listens, with the real port; as {@link #start} returned it. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** How many connections are open. */
  public int connections() {
    return connections.size();
  }

  /** Ends at once; {@link #drain} first is kinder. */
  @Override
  public void close() {
    stopAccepting();
    if (loops != null) {
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
