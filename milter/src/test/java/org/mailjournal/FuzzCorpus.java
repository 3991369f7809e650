package org.mailjournal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What is kept of fuzzing: for each target a directory of small files, the seeds that {@code
 * ./check --fuzz} begins with and every input that once broke something. The ordinary tests run
 * each of them, cut off at many places, and with seeded changes.
 */
public final class FuzzCorpus {
  private static final int CHANGED = 150;
  private static final int CUTS = 100;
  private static final Path RAM = Path.of("/dev/shm");

  private FuzzCorpus() {}

  /** One test for each kept input of a target, which is named like its class. */
  public static Stream<DynamicTest> tests(Class<?> target, Consumer<byte[]> fuzz) {
    return files(target).stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> around(Files.readAllBytes(file), fuzz)));
  }

  private static List<Path> files(Class<?> target) {
    String name = target.getSimpleName().replace("FuzzTest", "");
    try {
      URI directory = target.getResource("/fuzz/" + name).toURI();
      try (Stream<Path> files = Files.list(Path.of(directory))) {
        return files.sorted().toList();
      }
    } catch (IOException | java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void around(byte[] input, Consumer<byte[]> fuzz) {
    fuzz.accept(input.clone());
    int step = Math.max(1, input.length / CUTS);
    for (int length = 0; length < input.length; length += step) {
      fuzz.accept(Arrays.copyOf(input, length));
    }
    Random random = new Random(input.length);
    for (int i = 0; i < CHANGED && input.length > 0; i++) {
      fuzz.accept(changed(input, random));
    }
  }

  private static byte[] changed(byte[] input, Random random) {
    byte[] changed = input.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(4)) {
        case 0 -> changed[at] = (byte) random.nextInt(256);
        case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> changed[at] = changed[random.nextInt(changed.length)];
        default -> {
          int from = random.nextInt(changed.length);
          int length = Math.min(changed.length - Math.max(at, from), random.nextInt(40));
          System.arraycopy(changed, from, changed, at, length);
        }
      }
    }
    return changed;
  }

  /** A stream that never gives more than one octet at once. */
  public static InputStream slowly(byte[] input) {
    return new ByteArrayInputStream(input) {
      @Override
      public int read(byte[] into, int from, int length) {
        return super.read(into, from, Math.min(length, 1));
      }
    };
  }

  /** A file for targets that read files; it goes with the process. */
  public static Path file(String name) {
    try {
      Path file =
          Files.isWritable(RAM)
              ? Files.createTempFile(RAM, name, ".fuzz")
              : Files.createTempFile(name, ".fuzz");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the input there. */
  public static void put(Path file, byte[] input) {
    try {
      Files.write(file, input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
