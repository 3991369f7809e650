package org.mailjournal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** Configuration files, to a configuration or to problems. */
class ConfigurationFuzzTest {
  private static final Path FILE = FuzzCorpus.file("conf");

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(ConfigurationFuzzTest.class, ConfigurationFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    if (text.contains("include")) {
      // Whoever may write the file may name others; the fuzzer may not.
      return;
    }
    FuzzCorpus.put(FILE, input);
    try {
      assertEquals(new ConfigLoader().load(FILE), new ConfigLoader().load(FILE));
    } catch (ConfigException refused) {
      assertFalse(refused.problems().isEmpty());
    }
  }
}
