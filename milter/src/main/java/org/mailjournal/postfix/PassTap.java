package org.mailjournal.postfix;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Recorder;

/**
 * The three services that qmgr asks after each pass over a message, between it and Postfix's own,
 * and the queue audit.
 */
public final class PassTap implements AutoCloseable {
  private final Settings settings;
  private final Passes passes;
  private final Function<Settings, QueueAudit> audits;
  private final UnaryOperator<Settings> again;
  private Settings audited;
  private QueueAudit audit;
  private final Watchdog watchdog = new Watchdog();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final ScheduledExecutorService auditor =
      Executors.newSingleThreadScheduledExecutor(Threads.named("tap-audit"));
  private ScheduledFuture<?> auditing;

  /** A tap that passes on every report that the sender asked for. */
  public PassTap(Settings settings, Recorder recorder, JournalReader journal, Clock clock) {
    this(settings, known -> known, recorder, journal, clock, () -> false);
  }

  /**
   * A tap.
   *
   * @param again what is known of the instance later, where it is not known whose messages are in
   *     its queue
   * @param receiptsReplaceReports whether, at this moment, Postfix's reports of success give way to
   *     our receipts, for messages that get one
   */
  public PassTap(
      Settings settings,
      UnaryOperator<Settings> again,
      Recorder recorder,
      JournalReader journal,
      Clock clock,
      BooleanSupplier receiptsReplaceReports) {
    this.settings = settings;
    this.again = again;
    this.audited = settings;
    QueuePaths paths = new QueuePaths(settings);
    this.passes = new Passes(settings, paths, recorder, journal, clock, receiptsReplaceReports);
    this.audits =
        of -> new QueueAudit(of, new QueuePaths(of), recorder, journal, clock, System::nanoTime);
    this.audit = audits.apply(settings);
  }

  /**
   * Listens at all three sockets, and answers.
   *
   * @throws TapException when a socket cannot be had; then none is left behind
   */
  public void start() {
    bind();
    accept();
  }

  /**
   * Takes the places of all three sockets. qmgr waits there until {@link #accept}.
   *
   * @throws TapException when a socket cannot be had; then none is left behind
   */
  public void bind() {
    Upstream upstream = new Upstream(settings, watchdog);
    try {
      for (Service service : Service.values()) {
        endpoints.add(new Endpoint(service, settings, passes, upstream, watchdog));
      }
    } catch (TapException e) {
      close();
      throw e;
    }
  }

  /**
   * Answers, and begins to look after the queue, where and as soon as it is known whose messages
   * are in it.
   */
  public void accept() {
    endpoints.forEach(Endpoint::start);
    long period = settings.auditPeriod().toMillis();
    auditing = auditor.scheduleWithFixedDelay(this::audit, period, period, TimeUnit.MILLISECONDS);
  }

  private void audit() {
    if (!audited.hasAudit()) {
      audited = again.apply(audited);
      audit = audits.apply(audited);
    }
    if (audited.hasAudit()) {
      audit.run();
    }
  }

  /**
   * Stops listening, lets the requests that are being answered end, and takes the sockets away.
   * qmgr asks again for those that do not end in time.
   */
  @Override
  public void close() {
    if (auditing != null) {
      auditing.cancel(true);
    }
    auditor.shutdownNow();
    endpoints.forEach(Endpoint::refuse);
    long end = System.nanoTime() + settings.drain().toNanos();
    for (Endpoint endpoint : endpoints) {
      endpoint.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    endpoints.forEach(Endpoint::close);
    watchdog.close();
  }
}
