package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The test MTA's queue: passes over messages, and what Postfix's queue manager does behind each
 * (qmgr_active.c): ask for the bounce, then for the trace, then for the expiry or the warning.
 */
final class QueueManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueManager.class);

  /** Postfix's default_destination_recipient_limit. */
  private static final int PER_TRANSACTION = 50;

  /** A pass that takes longer waits for an exchanger that says nothing. */
  private static final long PASS_NANOS = 2_000_000_000L;

  private final MtaSettings settings;
  private final QueueFiles files;
  private final Mailboxes mailboxes;
  private final Map<String, MtaMessage> messages = new ConcurrentSkipListMap<>();
  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final List<Mta.LogLine> log = new CopyOnWriteArrayList<>();
  private final ExecutorService passes = Executors.newCachedThreadPool(Threads::daemon);

  QueueManager(MtaSettings settings, QueueFiles files, Mailboxes mailboxes) {
    this.settings = settings;
    this.files = files;
    this.mailboxes = mailboxes;
  }

  /** Puts a message on disk and in the queue; it is attempted at once. */
  void add(MtaMessage message) throws IOException {
    files.write(message);
    messages.put(message.queueId(), message);
    start(message);
  }

  /**
   * Behind passes that are under way, bounded: else a message that is just about to be put back
   * would be passed over.
   */
  void runAll() {
    long end = System.nanoTime() + PASS_NANOS;
    while (!busy.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    messages.values().forEach(this::start);
  }

  List<String> queued() {
    return List.copyOf(messages.keySet());
  }

  Optional<MtaMessage> find(String queueId) {
    return Optional.ofNullable(messages.get(queueId));
  }

  List<Mta.LogLine> log(String queueId) {
    return log.stream().filter(line -> line.queueId().equals(queueId)).toList();
  }

  @Override
  public void close() {
    Threads.end(passes);
  }

  private void start(MtaMessage message) {
    try {
      passes.execute(() -> pass(message));
    } catch (RejectedExecutionException closing) {
      LOG.debug("no more passes: {}", closing.getMessage());
    }
  }

  private void pass(MtaMessage message) {
    String id = message.queueId();
    synchronized (message) {
      if (!messages.containsKey(id) || !busy.add(id)) {
        return;
      }
    }
    boolean again = true;
    try {
      files.move("deferred", "active", id);
      // A new pass starts a new log of delays (qmgr_message.c).
      files.remove("defer", id);
      again = report(message, attempt(message));
    } catch (IOException | UncheckedIOException failed) {
      LOG.warn("{}: the pass broke off", id, failed);
    } finally {
      leave(message, again);
    }
  }

  /** Under the lock, so that who sees the file deferred can start the next pass at once. */
  private void leave(MtaMessage message, boolean again) {
    String id = message.queueId();
    synchronized (message) {
      try {
        if (again) {
          files.move("active", "deferred", id);
        } else {
          files.remove("active", id);
          messages.remove(id);
        }
      } catch (IOException failed) {
        LOG.warn("{}: cannot leave the active queue", id, failed);
      } finally {
        busy.remove(id);
      }
    }
  }

  /** Attempts all open recipients; true when some are to be tried again. */
  private boolean attempt(MtaMessage message) throws IOException {
    Map<InetSocketAddress, List<MtaRecipient>> groups = new LinkedHashMap<>();
    boolean again = false;
    for (MtaRecipient recipient : message.open()) {
      Optional<InetSocketAddress> route = settings.route(recipient.domain());
      if (settings.isLocal(recipient)) {
        again |= settle(message, recipient, mailboxes.deliver(message, recipient));
      } else if (route.isPresent()) {
        groups.computeIfAbsent(route.get(), r -> new ArrayList<>()).add(recipient);
      } else {
        again |= settle(message, recipient, unknownHost(recipient.domain()));
      }
    }
    for (Map.Entry<InetSocketAddress, List<MtaRecipient>> group : groups.entrySet()) {
      List<MtaRecipient> all = group.getValue();
      for (int i = 0; i < all.size(); i += PER_TRANSACTION) {
        List<MtaRecipient> some = all.subList(i, Math.min(all.size(), i + PER_TRANSACTION));
        var delivery = new SmtpDelivery(group.getKey(), settings.hostName(), message);
        for (Map.Entry<MtaRecipient, Fate> fate : delivery.deliver(some).entrySet()) {
          again |= settle(message, fate.getKey(), fate.getValue());
        }
      }
    }
    return again;
  }

  private static Fate unknownHost(String domain) {
    String reason =
        "Host or domain name not found. Name service error for name=%s type=AAAA: Host not found"
            .formatted(domain);
    return Fate.own(Fate.Kind.BOUNCED, "none", "5.4.4", reason);
  }

  /** Writes the record before the recipient is marked done, as delivery agents do. */
  private boolean settle(MtaMessage message, MtaRecipient recipient, Fate fate) throws IOException {
    String id = message.queueId();
    if (fate.temporary()) {
      files.append("defer", id, fate.record(recipient));
    } else {
      if (!fate.success()) {
        files.append("bounce", id, fate.record(recipient));
      } else if (recipient.wantsSuccess()) {
        files.append("trace", id, fate.record(recipient));
      }
      files.markDone(message, recipient);
    }
    log.add(
        new Mta.LogLine(
            id, recipient.address(), "", fate.relay(), fate.dsn(), fate.status(), fate.logText()));
    return fate.temporary();
  }

  /** Has the services told of the pass; true when the message is to be tried, or told, again. */
  private boolean report(MtaMessage message, boolean someDeferred) {
    String id = message.queueId();
    int passesDone = message.countPass();
    boolean again = someDeferred;
    if (files.isThere("bounce", id)) {
      again |= !ask(PassAsk.FLUSH, "bounce", message);
    }
    if (message.wantsTrace()) {
      again |= !ask(PassAsk.TRACE, "trace", message);
    }
    if (again && passesDone >= settings.expireAfter()) {
      again = !ask(PassAsk.FLUSH, "defer", message);
    } else if (again && passesDone >= settings.warnAfter() && !message.warned()) {
      if (ask(PassAsk.WARN, "defer", message)) {
        message.setWarned();
      }
    }
    return again;
  }

  private boolean ask(PassAsk what, String service, MtaMessage message) {
    boolean done = what.ask(files, settings.services() + service, message.envelope());
    if (!done) {
      LOG.info("{}: status=deferred ({} {} failed)", message.queueId(), service, what);
    }
    return done;
  }
}
