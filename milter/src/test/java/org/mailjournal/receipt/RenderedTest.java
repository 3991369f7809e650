package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTML part in Chromium: a phone's and a desk's width, light and dark. */
final class RenderedTest {
  private static final Path PICTURES = Path.of("target", "receipts");
  private static final List<Integer> WIDTHS = List.of(320, 390, 1000);
  private static final Pattern MEASURED =
      Pattern.compile("(?s)<pre id=\"measured\"[^>]*>(.*?)</pre>");

  /** WCAG 2.2, success criterion 1.4.3. */
  private static final double LEAST_CONTRAST = 4.5;

  private static final double SMALLEST_TYPE = 13;

  private static String everyStatus(String language) {
    Facts facts =
        Facts.of(
            Facts.relayed("bob@example.com"),
            Facts.delayed("dirk@example.nl"),
            Facts.unreachable("emma@example.it"),
            Facts.failed("carol@example.net"),
            Facts.rejected("frank@example.com"),
            Facts.delivered("grace@example.org"),
            Facts.queued("heidi@example.org"),
            Facts.expanded("all@example.org"),
            Facts.unreported("ivan@example.org"));
    return html(facts, language);
  }

  private static String success() {
    return html(
        Facts.of(
            Facts.relayed("bob@example.com"),
            Facts.relayed("a.rather.long.name@mailboxes.department.example.com"),
            Facts.relayed("dirk@example.nl")),
        "en");
  }

  private static String longWords() {
    String word = "x".repeat(300);
    return html(
        Facts.of(Facts.failed(word + "@example.net")).subject(word).messageId(word + "@" + word),
        "en");
  }

  private static String html(Facts facts, String language) {
    return new ReadReceipt(Facts.composer(language).compose(facts.notice())).html();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everythingFitsAndCanBeRead(String scheme, @TempDir Path directory) throws Exception {
    Chromium chromium = chromium(directory);
    Path page = directory.resolve("measured.html");
    StringBuilder frames = new StringBuilder();
    for (int width : WIDTHS) {
      for (String language : Texts.LANGUAGES) {
        frames.append(frame(language + "-" + width, width, everyStatus(language)));
      }
      frames.append(frame("long-" + width, width, longWords()));
    }
    Files.writeString(page, framed(frames.toString()));
    Optional<String> dom = chromium.dom(page, scheme.equals("dark"));
    assumeTrue(dom.isPresent(), "Chromium does not run on this machine");
    Matcher measured = MEASURED.matcher(dom.get());
    assertTrue(measured.find(), dom.get());
    String[] lines = measured.group(1).strip().split("\n");
    assertEquals(WIDTHS.size() * (Texts.LANGUAGES.size() + 1), lines.length);
    for (String line : lines) {
      assertReadable(line);
    }
  }

  private static void assertReadable(String line) {
    String[] values = line.split(" ");
    int width = Integer.parseInt(values[0].substring(values[0].lastIndexOf('-') + 1));
    assertEquals(width, Integer.parseInt(values[1]), line);
    assertTrue(Integer.parseInt(values[2]) <= width, () -> "wider than the screen: " + line);
    assertTrue(Double.parseDouble(values[3]) >= SMALLEST_TYPE, () -> "small type: " + line);
    assertTrue(Double.parseDouble(values[4]) >= LEAST_CONTRAST, () -> "low contrast: " + line);
    assertTrue(Integer.parseInt(values[5]) <= width, () -> "words outside: " + line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void aPictureIsKeptOfIt(String scheme, @TempDir Path directory) throws Exception {
    Chromium chromium = chromium(directory);
    Files.createDirectories(PICTURES);
    Path page = directory.resolve("picture.html");
    String html = everyStatus("en");
    Files.writeString(
        page,
        framed(
            frame("a-320", 320, html)
                + frame("b-390", 390, success())
                + frame("c-860", 860, html)));
    Path png = PICTURES.resolve("receipt-" + scheme + ".png").toAbsolutePath();
    Files.deleteIfExists(png);
    boolean dark = scheme.equals("dark");
    assumeTrue(
        chromium.picture(page, dark, 1570, 2700, png), "Chromium does not run on this machine");
    BufferedImage picture = ImageIO.read(png.toFile());
    int corner = picture.getRGB(2, 2) & 0xff;
    assertEquals(dark, corner < 0x40, () -> "the page's ground in " + scheme + ": " + corner);
  }

  private static Chromium chromium(Path directory) throws IOException {
    Optional<Chromium> chromium =
        Chromium.installed(Files.createDirectory(directory.resolve("profile")));
    assumeTrue(chromium.isPresent(), "Chromium is not installed");
    return chromium.get();
  }

  private static String frame(String id, int width, String html) {
    String quoted = html.replace("&", "&amp;").replace("\"", "&quot;");
    return "<iframe id=\"%s\" width=\"%d\" height=\"2600\" style=\"flex:none\" srcdoc=\"%s\"></iframe>\n"
        .formatted(id, width, quoted);
  }

  private static String framed(String frames) throws IOException {
    try (var page = RenderedTest.class.getResourceAsStream("frames.html")) {
      String template = new String(page.readAllBytes(), StandardCharsets.UTF_8);
      return template.replace("<!--FRAMES-->", frames);
    }
  }
}
