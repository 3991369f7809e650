package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With {@code confirm_delay_cleared} who was warned of a delay is told of its end. local(8) tells
 * it of each thing that it did for an alias, under the alias's name, and each of these is the
 * sender's.
 */
class DelayClearedTest {
  private static final Duration WARNING = Duration.ofSeconds(1);
  private static final List<String> WISHES =
      List.of("", "NOTIFY=NEVER", "NOTIFY=SUCCESS", "NOTIFY=DELAY", "NOTIFY=SUCCESS,DELAY");
  private static final List<String> ALIASES = List.of("slow", "slow-owned");

  /** A Postfix, and where its senders get their reports. */
  private record Side(Mta mta, Exchanger home) {
    /** Each once: an expansion is reported in each pass, of which one side may have more. */
    List<Notice> notices(String sender) {
      return home.received(sender).stream().map(Notice::of).sorted().distinct().toList();
    }
  }

  private static PostfixSetup withAliases(PostfixSetup setup, Path ready) {
    String program = "\"|test -e " + ready + " || exit 75\"";
    return setup
        .warnAfter(WARNING)
        .main("confirm_delay_cleared", "yes")
        .localAlias("slow", program, "copy@one.test")
        .localAlias("slow-owned", program, "games")
        .localAlias("owner-slow-owned", "games");
  }

  @Test
  void everySenderHearsOfTheEndAsWithoutUs(@TempDir Path directory) throws IOException {
    PostfixWorld.requirePostfix();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path ready = directory.resolve("ready");
    try (World world = PostfixWorld.start("delay-cleared", setup -> withAliases(setup, ready));
        Exchanger one = Exchanger.start("mx.one.test");
        Exchanger home = Exchanger.start("mx.home.test");
        Mta plain = withAliases(PostfixWorld.usual(one, one, home, one), ready).start()) {
      List<Side> sides = List.of(new Side(world.mta(), world.home()), new Side(plain, home));
      List<String> senders = sendToAll(sides);
      warnAndDeliver(sides, ready);

      for (String sender : senders) {
        assertEquals(sides.get(1).notices(sender), sides.get(0).notices(sender), sender);
      }
      assertTrue(home.received().stream().anyMatch(DelayClearedTest::isEndOfADelay));
    }
  }

  private static boolean isEndOfADelay(Exchanger.Received report) {
    return Notice.of(report).actions().equals(List.of("delivered", "relayed"));
  }

  private static List<String> sendToAll(List<Side> sides) {
    List<String> senders = new ArrayList<>();
    for (String wish : WISHES) {
      for (String alias : ALIASES) {
        String sender = "s%02d@home.test".formatted(senders.size());
        senders.add(sender);
        String[] parameters = wish.isEmpty() ? new String[0] : new String[] {wish};
        Letter letter = Letter.from(sender).to(alias + "@local.test", parameters);
        for (Side side : sides) {
          try (SmtpClient client = SmtpClient.connect(side.mta().smtp())) {
            client.ehlo("client.letters.test");
            assertTrue(Sent.over(client, letter).isAccepted());
          }
        }
      }
    }
    return senders;
  }

  /** The second pass warns, and the third finds the program ready. */
  private static void warnAndDeliver(List<Side> sides, Path ready) throws IOException {
    Instant warned = Instant.now().plus(WARNING).plusSeconds(1);
    Awaitility.await().atMost(1, TimeUnit.MINUTES).until(() -> Instant.now().isAfter(warned));
    sides.forEach(side -> side.mta().runQueue());
    for (Side side : sides) {
      Awaitility.await("warnings")
          .atMost(2, TimeUnit.MINUTES)
          .until(() -> !side.notices("s07@home.test").isEmpty());
      // All of that pass is done.
      side.mta().runQueue();
    }
    Files.createFile(ready);
    for (Side side : sides) {
      Awaitility.await("an empty queue")
          .atMost(2, TimeUnit.MINUTES)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                side.mta().runQueue();
                return side.mta().queue().isEmpty();
              });
    }
  }
}
