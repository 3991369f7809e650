package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A question to the journal as a whole command, against grep and zgrep of the log of the same
 * messages. All files are in the page cache. Grep finds one line of a message; to see what became
 * of it takes another grep for its queue id, which is not counted.
 */
record FindComparison(BenchmarkSettings settings, Path configuration, MailLog log, int messages) {
  private static final int ZGREPS = 1;
  private static final int SECONDS = 600;

  private record Key(String name, String option, Function<SampleMail, String> text) {}

  private static final List<Key> KEYS =
      List.of(
          new Key("Message-ID", "--message-id", SampleMail::messageId),
          new Key("queue id", "--queue-id", SampleMail::queueId),
          new Key("remote queue id", "--remote-id", SampleMail::remoteQueueId),
          new Key("recipient", "--recipient", SampleMail::recipient),
          new Key("sender", "--sender", SampleMail::sender));

  void run() throws IOException {
    settings.print(
        "  find as a whole command, page cache warm, against a log of %d MiB (%d compressed)"
            .formatted(Files.size(log.plain()) >> 20, Files.size(log.compressed()) >> 20));
    Random random = new Random(3);
    for (Key key : KEYS) {
      // The first reads into the cache.
      grep("grep", log.plain(), key.text().apply(new SampleMail(0)));
      find(key, new SampleMail(0));
      List<Double> finds = new ArrayList<>();
      List<Double> greps = new ArrayList<>();
      List<Double> zgreps = new ArrayList<>();
      for (int i = 0; i < settings.rounds(); i++) {
        SampleMail mail = new SampleMail(random.nextInt(messages));
        String text = key.text().apply(mail);
        finds.add(find(key, mail));
        greps.add(grep("grep", log.plain(), text));
        if (i < ZGREPS) {
          zgreps.add(grep("zgrep", log.compressed(), text));
        }
      }
      print(key, Figures.median(finds), Figures.median(greps), Figures.median(zgreps));
    }
  }

  private void print(Key key, double find, double grep, double zgrep) {
    settings.print(
        "    by %-16s %5.0f ms; grep %6.0f ms (%.2f times), zgrep %7.0f ms (%.2f times)"
            .formatted(key.name(), find, grep, grep / find, zgrep, zgrep / find));
  }

  private double find(Key key, SampleMail mail) {
    String config = configuration.toString();
    return millis(
        Program.built()
            .command("find", key.option(), key.text().apply(mail), "--config", config, "--json"),
        mail.queueId());
  }

  private static double grep(String program, Path file, String text) {
    return millis(List.of(program, "-F", "-e", text, file.toString()), text);
  }

  private static double millis(List<String> command, String expected) {
    long start = System.nanoTime();
    Command.Result result = Command.run(new byte[0], command, SECONDS);
    double millis = (System.nanoTime() - start) / 1e6;
    if (!result.orThrow().output().contains(expected)) {
      throw new IllegalStateException(String.join(" ", command) + ": " + result.output());
    }
    return millis;
  }
}
