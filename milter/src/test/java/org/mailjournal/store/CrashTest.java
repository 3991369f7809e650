package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.RecordedEvent;

class CrashTest {
  private static final int ENOUGH = 2000;

  @TempDir Path directory;

  /** Records as fast as it can, and says each message once it is acknowledged. */
  static final class Child {
    private Child() {}

    /** Its first argument is the journal's URL. */
    public static void main(String[] arguments) {
      SqliteJournal journal = SqliteJournal.open(Settings.of(arguments[0]));
      for (int i = 0; true; i++) {
        int number = i;
        var future = journal.record(List.of(Mails.realistic(i, Mails.NOON.plusMillis(i))));
        var unused =
            future.thenRun(
                () -> {
                  System.out.println(number);
                  System.out.flush();
                });
        if (i % 200 == 199) {
          future.join();
        }
      }
    }
  }

  @Test
  void aKilledDaemonLosesNothingThatItAcknowledged() throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("journal.db");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Set<Integer> acknowledged = new HashSet<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(Integer.valueOf(line));
        if (acknowledged.size() == ENOUGH) {
          child.destroyForcibly();
        }
      }
    } catch (IOException killed) {
      assertTrue(acknowledged.size() >= ENOUGH);
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertTrue(acknowledged.size() >= ENOUGH, acknowledged.size() + " acknowledged");
    Settings settings = Settings.of(url);
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      for (int number : acknowledged) {
        var mail = Mails.realistic(number, Mails.NOON.plusMillis(number));
        assertEquals(
            List.of(mail),
            journal.events(mail.message()).stream().map(RecordedEvent::event).toList());
      }
      assertEquals(List.of(), SqliteJournal.verify(settings));
    }
  }

  @Test
  void aFullDiskFailsAsTemporaryAndWhatFollowsIsRecordedWhenItIsFree() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(mount(disk), "only root can mount a small disk");
    try {
      Path filler = disk.resolve("filler");
      Files.write(filler, new byte[1 << 20]);
      Settings settings = Settings.of("jdbc:sqlite:" + disk.resolve("journal.db"));
      try (SqliteJournal journal = SqliteJournal.open(settings)) {
        int recorded = 0;
        JournalException failure = null;
        while (failure == null && recorded < 100_000) {
          try {
            recorded += journal.record(List.of(mail(recorded))).get();
          } catch (ExecutionException e) {
            failure = (JournalException) e.getCause();
          }
        }
        assertEquals(JournalException.Kind.TEMPORARY, failure.kind(), failure.getMessage());
        Files.delete(filler);
        assertEquals(1, journal.record(List.of(mail(recorded))).get());
        assertEquals(recorded + 1, journal.eventsAfter(0, 200_000).size());
        assertEquals(List.of(), SqliteJournal.verify(settings));
      }
    } finally {
      Commands.succeeds("umount", disk.toString());
    }
  }

  private static org.mailjournal.journal.Event mail(int number) {
    return Mails.realistic(number, Mails.NOON.plusMillis(number));
  }

  private static boolean mount(Path disk) {
    return Commands.succeeds("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
  }
}
