package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.config.ConfigException;
import org.mailjournal.config.ConfigLoader;
import org.mailjournal.config.Problem;
import org.mailjournal.journal.Address;

/**
 * What the configuration lets pass as the sender of receipts can be written: else the daemon would
 * end at its start, and nobody would have been told why.
 */
class ConfiguredSenderTest {
  private static final int A_FILE = 4096;

  @TempDir private Path directory;

  private static void compose(String from) {
    assertDoesNotThrow(
        () ->
            new Composer(
                new Composer.Settings(
                    new Address(from),
                    "Receipts",
                    "mail.example.org",
                    Composer.Settings.AUTO,
                    ZoneId.of("UTC"),
                    Composer.Returned.HEADERS),
                entity -> entity),
        from);
  }

  private static void writeFrom(String from) {
    assertDoesNotThrow(
        () ->
            new TopFields(
                new Composer.Settings(
                    new Address(from),
                    "",
                    "mail.example.org",
                    Composer.Settings.AUTO,
                    ZoneId.of("UTC"),
                    Composer.Returned.NONE)),
        () -> from.codePoints().mapToObj(Integer::toHexString).toList().toString());
  }

  /** Those that no problem names, each of which stands on a line of its own. */
  private List<String> accepted(List<String> texts, String head, String entry, String tail)
      throws IOException {
    StringBuilder file = new StringBuilder(head).append('\n');
    for (String text : texts) {
      StringBuilder escaped = new StringBuilder();
      text.chars().forEach(c -> escaped.append(String.format(Locale.ROOT, "\\u%04x", c)));
      file.append(entry.formatted(escaped)).append('\n');
    }
    Path conf = Files.writeString(directory.resolve("journal.conf"), file.append(tail));
    Set<Integer> refused = new HashSet<>();
    try {
      new ConfigLoader().load(conf);
    } catch (ConfigException e) {
      e.problems().stream()
          .map(Problem::line)
          .forEach(l -> refused.add(l.orElseThrow(() -> new AssertionError(e))));
    }
    List<String> accepted = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (!refused.contains(i + 2)) {
        accepted.add(texts.get(i));
      }
    }
    return accepted;
  }

  /** All of the first plane with its lone surrogates, pictures, and tags. */
  private static List<List<String>> characters() {
    List<List<String>> files = new ArrayList<>();
    IntStream.range(0, 0x10000 / A_FILE).forEach(i -> files.add(characters(i * A_FILE)));
    files.add(characters(0x1f000));
    files.add(characters(0xe0000));
    return files;
  }

  private static List<String> characters(int from) {
    return IntStream.range(from, from + A_FILE)
        .mapToObj(c -> new String(Character.toChars(c)))
        .toList();
  }

  @Test
  void everyCharacterThatADomainMayHaveCanStandInFrom() throws IOException {
    int count = 0;
    for (List<String> characters : characters()) {
      List<String> domains = characters.stream().map(c -> "x" + c + ".example.org").toList();
      for (String domain : accepted(domains, "receipts.domains = [", "\"%s\"", "]")) {
        writeFrom("postmaster@" + domain);
        count++;
      }
    }
    assertTrue(count > 40_000, "letters of all scripts are let in, and not " + count);
  }

  @Test
  void everyCharacterThatAnAddressMayHaveCanStandInFrom() throws IOException {
    int count = 0;
    for (List<String> characters : characters()) {
      List<String> addresses = characters.stream().map(c -> c + "x" + c + "@example.org").toList();
      for (String address :
          accepted(addresses, "receipts.rules = [", "{ give = never, sender = \"%s\" }", "]")) {
        writeFrom(address);
        count++;
      }
    }
    assertTrue(count > 40_000, "letters of all scripts are let in, and not " + count);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postmaster@example.org",
        "post_office@mail_1.example.org",
        "a..b@example.org",
        "\"ada@example.org",
        "ada@[192.0.2.1]",
        "b\u00fcro@b\u00fccher.example",
        "\u90ae\u5c40@\u4f8b\u3048.\u30c6\u30b9\u30c8"
      })
  void whatIsAnAddressMakesAComposer(String from) throws IOException {
    assertFalse(
        accepted(List.of(from), "receipts.rules = [", "{ give = never, sender = \"%s\" }", "]")
            .isEmpty());
    compose(from);
  }

  @Test
  void theLongestDomainLeavesRoomForPostmaster() throws IOException {
    String label = "x".repeat(63) + ".";
    for (int length : List.of(255, 256, 310, 330)) {
      String domain = label.repeat(6).substring(0, length - 1) + "x";
      for (String one : accepted(List.of(domain), "receipts.domains = [", "\"%s\"", "]")) {
        compose("postmaster@" + one);
      }
      for (String one :
          accepted(
              List.of("x".repeat(length) + "@example.org"),
              "receipts.rules = [",
              "{ give = never, sender = \"%s\" }",
              "]")) {
        compose(one);
      }
    }
  }
}
