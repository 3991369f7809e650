package org.mailjournal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.nightcode.milter.CommandCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the MTA, as states. All of it runs on the connection's event loop.
 *
 * <pre>
 *  NEGOTIATION ──OPTNEG──▶ IDLE ──MAIL──▶ ENVELOPE ──HEADER, EOH, BODY──▶ CONTENT
 *                          ▲ ▲               │  │                          │  │
 *                          │ └────ABORT──────┘  └────────EOB──────┐  ┌─EOB─┘  │
 *                          │                                      ▼  ▼        │
 *                          ├──────────────reply────────────────DECISION       │
 *                          └───────────────ABORT, QUIT_NC─────────────────────┘
 *  any ──QUIT, disconnect, idle too long, a packet that is out of order or unreadable──▶ CLOSED
 * </pre>
 *
 * Postfix sends an ABORT after every end of message, sendmail does not; it finds no message open
 * and does nothing. MTAs also go without QUIT, in any state. An open message is given up by ABORT,
 * QUIT_NC, QUIT, a new MAIL and a disconnect alike.
 */
// Netty tells of failed writes and closes through exceptionCaught, not only through its futures.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private static final Reply CONTINUE = new Reply.Continue();
  private static final Reply FAILED =
      new Reply.Refusal(451, "4.3.0", "Message cannot be recorded now, try again later");

  /** MTAs negotiate as soon as they are connected; who does not is none. */
  private static final Duration FIRST_WORDS = Duration.ofSeconds(30);

  private final Connections connections;
  private final SessionFactory sessions;
  private final Macros macros = new Macros();
  private Phase phase = Phase.NEGOTIATION;
  private Negotiation agreed;
  private Future<?> firstWords;
  private MilterSession session;

  /** Hears of the message that is open: the session, or while we drain nobody. */
  private MilterSession listener;

  Connection(Connections connections, SessionFactory sessions) {
    this.connections = connections;
    this.sessions = sessions;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
    if (phase == Phase.CLOSED) {
      return;
    }
    Command command = PacketReader.read(frame);
    CommandCode code = command.code();
    if (!phase.permits(code)) {
      throw ProtocolException.outOfOrder(phase, code.name());
    }
    macros.enter(code);
    take(ctx, command);
  }

  private void take(ChannelHandlerContext ctx, Command command) {
    if (command instanceof Command.Negotiate offer) {
      negotiate(ctx, offer);
    } else if (command instanceof Command.Define define) {
      macros.define(define);
    } else if (command instanceof Command.Abort) {
      giveUp(ctx, "ABORT");
    } else if (command instanceof Command.Quit) {
      ctx.close();
      end(ctx, "QUIT");
    } else if (command instanceof Command.QuitNewConnection) {
      renew(ctx);
    } else if (command instanceof Command.EndOfMessage end) {
      decide(ctx, end);
    } else {
      tell(ctx, command);
      if (agreed.wantsReply(command.code())) {
        send(ctx, CONTINUE);
      }
    }
  }

  private void negotiate(ChannelHandlerContext ctx, Command.Negotiate offer) {
    agreed = Negotiation.with(offer);
    firstWords.cancel(false);
    session = sessions.open();
    listener = session;
    transition(ctx, Phase.IDLE, "OPTNEG");
    ctx.writeAndFlush(agreed.packet(ctx.alloc()), ctx.voidPromise());
  }

  private void tell(ChannelHandlerContext ctx, Command command) {
    if (command instanceof Command.Connect connect) {
      session.connect(connect, macros);
    } else if (command instanceof Command.Helo helo) {
      session.helo(helo, macros);
    } else if (command instanceof Command.Mail mail) {
      begin(ctx, mail);
    } else if (command instanceof Command.Recipient recipient) {
      listener.recipient(recipient, macros);
    } else if (command instanceof Command.Data) {
      listener.data(macros);
    } else if (command instanceof Command.Header header) {
      content(ctx);
      listener.header(
          agreed.leadingSpace()
              ? header
              : new Command.Header(header.name(), header.value().prefixed(' ')));
    } else if (command instanceof Command.EndOfHeaders) {
      content(ctx);
      listener.endOfHeaders(macros);
    } else if (command instanceof Command.Body body) {
      content(ctx);
      listener.body(body.piece());
    }
  }

  private void begin(ChannelHandlerContext ctx, Command.Mail mail) {
    if (phase.isOpen()) {
      listener.abort();
      over();
    }
    listener = connections.messageBegun() ? session : Draining.SESSION;
    transition(ctx, Phase.ENVELOPE, "MAIL");
    listener.mail(mail, macros);
  }

  private void content(ChannelHandlerContext ctx) {
    if (phase == Phase.ENVELOPE) {
      transition(ctx, Phase.CONTENT, "content");
    }
  }

  private void decide(ChannelHandlerContext ctx, Command.EndOfMessage end) {
    if (end.piece().length() > 0) {
      listener.body(end.piece());
    }
    transition(ctx, Phase.DECISION, "EOB");
    CompletableFuture<Reply> reply = ask(ctx);
    macros.endMessage();
    if (reply.isDone()) {
      // Decided at once, or by a journal that was quicker than we: nothing needs to pause.
      answer(ctx, reply.join());
      return;
    }
    ctx.channel().config().setAutoRead(false);
    reply.thenAcceptAsync(
        decided -> {
          answer(ctx, decided);
          ctx.channel().config().setAutoRead(true);
        },
        ctx.executor());
  }

  private CompletableFuture<Reply> ask(ChannelHandlerContext ctx) {
    CompletionStage<Reply> reply;
    try {
      reply = listener.endOfMessage(macros);
    } catch (RuntimeException failure) {
      reply = CompletableFuture.failedFuture(failure);
    }
    return reply
        .toCompletableFuture()
        .exceptionally(
            failure -> {
              LOG.warn("milter {}: end of message failed", peer(ctx), failure);
              return FAILED;
            });
  }

  private void answer(ChannelHandlerContext ctx, Reply reply) {
    if (phase == Phase.DECISION) {
      transition(ctx, Phase.IDLE, "reply");
      send(ctx, reply);
      over();
    }
  }

  private void giveUp(ChannelHandlerContext ctx, String cause) {
    if (phase.isOpen()) {
      transition(ctx, Phase.IDLE, cause);
      listener.abort();
      over();
    }
    macros.endMessage();
  }

  private void over() {
    if (listener == session) {
      connections.messageEnded();
    }
  }

  private void renew(ChannelHandlerContext ctx) {
    giveUp(ctx, "QUIT_NC");
    macros.clear();
    session.closed();
    session = sessions.open();
    listener = session;
  }

  /** The connection is over, for whatever cause; only the first one counts. */
  private void end(ChannelHandlerContext ctx, String cause) {
    if (phase == Phase.CLOSED) {
      return;
    }
    boolean deciding = phase == Phase.DECISION;
    giveUp(ctx, cause);
    transition(ctx, Phase.CLOSED, cause);
    if (deciding) {
      over();
    }
    connections.remove(this);
    // Not left to its time: it holds on to the connection.
    if (firstWords != null) {
      firstWords.cancel(false);
    }
    if (session != null) {
      session.closed();
    }
  }

  /**
   * The daemon stops. What waits for its reply is told to come again: if its event is committed all
   * the same, the MTA sends it a second time and it is a second message, as after a crash.
   */
  private void stop(ChannelHandlerContext ctx) {
    if (phase == Phase.DECISION) {
      ctx.writeAndFlush(PacketWriter.write(ctx.alloc(), Draining.REFUSAL))
          .addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.close();
    }
    end(ctx, "stop");
  }

  private void transition(ChannelHandlerContext ctx, Phase to, String cause) {
    LOG.debug("milter {}: {} -> {} on {}", peer(ctx), phase, to, cause);
    phase = to;
  }

  private static void send(ChannelHandlerContext ctx, Reply reply) {
    ctx.writeAndFlush(PacketWriter.write(ctx.alloc(), reply), ctx.voidPromise());
  }

  private static Object peer(ChannelHandlerContext ctx) {
    return ctx.channel().id();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    LOG.debug("milter {}: connected from {}", peer(ctx), ctx.channel().remoteAddress());
    connections.add(this, () -> ctx.executor().execute(() -> stop(ctx)));
    firstWords =
        ctx.executor().schedule(() -> hurry(ctx), FIRST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void hurry(ChannelHandlerContext ctx) {
    if (phase == Phase.NEGOTIATION) {
      LOG.warn("milter {}: closed: it did not negotiate within {}", peer(ctx), FIRST_WORDS);
      ctx.close();
      end(ctx, "idle");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(ctx, "disconnect");
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent && phase != Phase.DECISION && phase != Phase.CLOSED) {
      LOG.warn("milter {}: closed in {}: the MTA said nothing for too long", peer(ctx), phase);
      ctx.close();
      end(ctx, "idle");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof ProtocolException || cause instanceof DecoderException) {
      LOG.warn("milter {}: closed in {}: {}", peer(ctx), phase, cause.getMessage());
    } else if (cause instanceof IOException) {
      LOG.debug("milter {}: closed in {}: {}", peer(ctx), phase, cause.getMessage());
    } else {
      LOG.error("milter {}: closed in {}", peer(ctx), phase, cause);
    }
    ctx.close();
    end(ctx, "error");
  }
}
