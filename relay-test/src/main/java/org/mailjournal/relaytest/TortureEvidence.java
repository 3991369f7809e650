package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Keeps what a run that failed leaves, so that somebody can find out why. */
final class TortureEvidence {
  private TortureEvidence() {}

  /** The directory to which it copied the MTA's log and queue, the daemon's log and the journal. */
  static Path keep(TortureWorld world, TortureWorld.MailSystem system, long seed) {
    Path to =
        Path.of("target", "torture", system.name().toLowerCase(Locale.ROOT) + "-" + seed)
            .toAbsolutePath();
    try {
      Files.createDirectories(to);
      List<String> log =
          world.mta() instanceof RealSendmail sendmail
              ? sendmail.log().lines()
              : ((RealPostfix) world.mta()).log().lines();
      Files.write(to.resolve("mta.log"), log);
      Files.copy(
          world.daemon().log(), to.resolve("daemon.log"), StandardCopyOption.REPLACE_EXISTING);
      copy(world.disk().directory(), to.resolve("journal"));
      if (world.mta() instanceof RealSendmail sendmail) {
        copy(sendmail.queueDirectory(), to.resolve("queue"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to;
  }

  /** The MTA's processes, and what each of them is waiting for. */
  static String processes(Mta mta) {
    Path queue =
        mta instanceof RealSendmail sendmail
            ? sendmail.queueDirectory()
            : ((RealPostfix) mta).queueDirectory();
    StringBuilder all = new StringBuilder();
    for (ProcessHandle process : Processes.in(queue)) {
      String pid = Long.toString(process.pid());
      all.append(Command.run("ps", "-o", "pid,ppid,lstart,wchan:20,args", "-p", pid).output())
          .append(Command.run("ls", "-l", "/proc/" + pid + "/fd").output());
    }
    return all.append(Command.run("ss", "-tnp").output()).toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file :
          files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
