package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One sender's letters, of every kind; they follow from the seed. */
final class TortureMail {
  /** What becomes of a recipient. */
  private enum Fortune {
    TAKEN(10),
    REFUSED(3),
    REFUSED_AFTER_CONTENT(2),
    BUSY(3),
    GREYLISTED(2),
    DROPPED_AT_RCPT(1),
    DROPPED_AT_DOT(1),
    LOCAL(2),
    ALIAS(1),
    UNKNOWN(1);

    private final int weight;

    Fortune(int weight) {
      this.weight = weight;
    }

    private static Fortune any(Random random) {
      int left = random.nextInt(26);
      for (Fortune fortune : values()) {
        left -= fortune.weight;
        if (left < 0) {
          return fortune;
        }
      }
      throw new IllegalStateException("the weights do not add up");
    }
  }

  private static final String UNKNOWN = "nobody-knows-";

  private final TortureWorld world;
  private final Random random;
  private final int sender;
  private int count;

  TortureMail(TortureWorld world, long seed, int sender) {
    this.world = world;
    this.random = new Random(seed * 31 + sender + 1);
    this.sender = sender;
  }

  /** Whether the MTA knows at once that there is no such recipient. */
  static boolean isUnknown(Letter.To to) {
    return to.address().startsWith(UNKNOWN);
  }

  /** The next one; the exchangers know what to do with it. Its envelope sender is its own. */
  Letter next() {
    String name = "s" + sender + "x" + count++;
    boolean isNull = random.nextInt(20) == 0;
    String wish = wish();
    String home = random.nextInt(5) == 0 ? TortureWorld.TOLD : TortureWorld.HOME;
    Letter letter = Letter.from(isNull ? "" : name + "@" + home).body(body());
    int recipients = 1 + random.nextInt(random.nextInt(10) == 0 ? 12 : 3);
    for (int i = 0; i < recipients; i++) {
      Fortune fortune = isNull ? Fortune.TAKEN : Fortune.any(random);
      letter = to(letter, name + "r" + i, fortune, wish);
    }
    return letter;
  }

  private Letter to(Letter letter, String local, Fortune fortune, String wish) {
    boolean first = random.nextBoolean();
    Exchanger exchanger = first ? world.one() : world.two();
    String address = local + (first ? "@one.test" : "@two.test");
    Fortune now = world.isSendmail() && fortune == Fortune.ALIAS ? Fortune.TAKEN : fortune;
    switch (now) {
      case TAKEN -> {}
      case REFUSED -> exchanger.at(address, Script.permanent());
      case REFUSED_AFTER_CONTENT -> exchanger.at(address, Script.permanentAtData());
      case BUSY -> exchanger.at(address, Script.temporary(1 + random.nextInt(2)));
      case GREYLISTED -> exchanger.at(address, Script.greylist());
      case DROPPED_AT_RCPT -> exchanger.at(address, Script.drop(Stage.RCPT).times(1));
      case DROPPED_AT_DOT -> exchanger.at(address, Script.drop(Stage.DOT).times(1));
      case LOCAL -> address = "games@" + PostfixSetup.LOCAL_DOMAIN;
      case ALIAS -> address = "many@" + PostfixSetup.ALIAS_DOMAIN;
      case UNKNOWN -> address = UNKNOWN + local + "@" + PostfixSetup.LOCAL_DOMAIN;
    }
    String once = address;
    if (letter.recipients().stream().anyMatch(to -> to.address().equals(once))) {
      return letter;
    }
    return wish.isEmpty() ? letter.to(once) : letter.to(once, wish);
  }

  private String wish() {
    return switch (random.nextInt(10)) {
      case 0 -> "NOTIFY=NEVER";
      case 1 -> "NOTIFY=SUCCESS,FAILURE";
      default -> "";
    };
  }

  private byte[] body() {
    int lines =
        switch (random.nextInt(100)) {
          case 0 -> 20_000;
          case 1, 2, 3, 4 -> 2_000;
          default -> 1 + random.nextInt(20);
        };
    List<String> text = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      text.add("Line " + i + " of a letter that somebody wants to arrive.\r\n");
    }
    return String.join("", text).getBytes(StandardCharsets.US_ASCII);
  }
}
