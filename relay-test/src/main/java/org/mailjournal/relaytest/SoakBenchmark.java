package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.mailjournal.journal.Status;

/**
 * The daemon's memory under steady mail: each message passes the milter, and is told to the pass
 * tap in a trace pass, by a load generator in place of Postfix, which on two cores does not come to
 * as many a second.
 */
final class SoakBenchmark implements Benchmark {
  private static final int CONNECTIONS = 50;
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final int SAMPLES = 60;
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  /** Caches fill and the compiler works at first. */
  private static final int WARM_UP_PART = 4;

  /** In less the noise of single samples is steeper than what is looked for. */
  private static final Duration TELLING = Duration.ofMinutes(20);

  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public boolean onlyWhenNamed() {
    return true;
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Path directory = settings.makeDirectory();
    QueueFiles files = new QueueFiles(directory.resolve("q"));
    try (Daemon daemon = daemon(directory)) {
      settings.printMachine();
      MilterLoad load =
          new MilterLoad(daemon.address(), new AtomicLong()).telling(new TracedPass(files));
      Instant start = Instant.now();
      CompletableFuture<MilterLoad.Result> running =
          CompletableFuture.supplyAsync(() -> run(load, settings.soak()));
      Curves curves = new Curves(new ProcessMemory(daemon.pid()));
      MilterLoad.Result result = watch(settings.soak(), running, curves);
      settings.print(
          "  %d connections, %.0f messages/s (wanted: %d) for %d minutes, milter and trace pass of each"
              .formatted(
                  CONNECTIONS,
                  result.perSecond(),
                  CONNECTIONS * 1000 / INTERVAL.toMillis(),
                  settings.soak().toMinutes()));
      settings.print(
          "    waiting at the end of a message: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms"
              .formatted(
                  result.waited().percentile(50),
                  result.waited().percentile(99),
                  result.waited().percentile(99.9)));
      curves.print(settings);
      PostfixBenchmark.requireAll(daemon, Status.RELAYED, start, result.waited().count());
    } finally {
      Trees.remove(directory);
    }
  }

  private static Daemon daemon(Path directory) {
    return Daemon.start(
        new Daemon.Setup(
            Program.built(),
            directory.resolve("journal"),
            directory.resolve("daemon.log"),
            Optional.empty(),
            "inet:" + Loopback.freePort() + "@127.0.0.1",
            Optional.of(directory.resolve("q")),
            List.of()));
  }

  private static MilterLoad.Result run(MilterLoad load, Duration time) {
    try {
      return load.run(CONNECTIONS, time, INTERVAL);
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /** Samples in even distances until the load ends. */
  private static MilterLoad.Result watch(
      Duration time, CompletableFuture<MilterLoad.Result> running, Curves curves)
      throws IOException, InterruptedException {
    Duration even = time.dividedBy(SAMPLES);
    Duration every = even.compareTo(SHORTEST) < 0 ? SHORTEST : even;
    long start = System.nanoTime();
    while (true) {
      try {
        return running.get(every.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException stillRunning) {
        Duration at = Duration.ofNanos(System.nanoTime() - start);
        if (at.compareTo(time.dividedBy(WARM_UP_PART)) >= 0) {
          curves.sample(at);
        }
      } catch (ExecutionException e) {
        throw new IOException("the load broke off", e.getCause());
      }
    }
  }

  /** What is watched. */
  private static final class Curves {
    private final ProcessMemory memory;
    private final Trend resident = new Trend();
    private final Trend heap = new Trend();
    private final Trend files = new Trend();

    private Curves(ProcessMemory memory) {
      this.memory = memory;
    }

    private void sample(Duration at) throws IOException {
      resident.add(at, memory.kibibytes("VmRSS:") / 1024.0);
      heap.add(at, memory.liveBytes() / MEBIBYTE);
      files.add(at, (double) memory.openFiles());
    }

    private void print(BenchmarkSettings settings) {
      settings.print(
          "    behind a warm-up of a quarter; the heap is collected for each sample, the resident"
              + " set taken before");
      print(settings, "resident, MiB", resident);
      print(settings, "live objects, MiB", heap);
      print(settings, "open files", files);
    }

    private static void print(BenchmarkSettings settings, String what, Trend trend) {
      String verdict = trend.isFlat() ? "flat" : "GROWS";
      settings.print(
          "    %-18s first %6.1f, last %6.1f, at most %6.1f; %+.1f an hour: %s"
              .formatted(
                  what,
                  trend.first(),
                  trend.last(),
                  trend.highest(),
                  trend.perHour(),
                  settings.soak().compareTo(TELLING) < 0 ? "too short to tell" : verdict));
    }
  }
}
