package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LineFileTest {
  @TempDir Path directory;
  private Path path;
  private LineFile file;

  @BeforeEach
  void prepare() throws IOException {
    path = directory.resolve("lines");
    file = new LineFile(path);
    file.prepare();
  }

  private List<LineFile.Line> lines() throws IOException {
    List<LineFile.Line> all = new ArrayList<>();
    long position = 0;
    LineFile.Block block;
    do {
      block = file.read(position);
      all.addAll(block.lines());
      position = block.next();
    } while (!block.isLast());
    return all;
  }

  private List<String> texts() throws IOException {
    return lines().stream().map(LineFile.Line::text).toList();
  }

  @Test
  void whatIsAppendedBetweenReadingAndErasingStays() throws IOException {
    file.append("one");
    List<LineFile.Line> read = lines();

    file.append("two");
    file.erase(read);
    file.shrink();

    assertEquals(List.of("two"), texts());
  }

  @Test
  void whatIsAppendedOverTheEndOfTheBlockThatWasReadIsNotReadByHalf() throws IOException {
    file.append("one");
    LineFile.Block block = file.read(0);
    assertTrue(block.isLast());

    String large = "x".repeat(LineFile.RESERVE);
    file.append(large);
    file.erase(block.lines());
    file.shrink();

    assertEquals(List.of(large), texts());
  }

  @Test
  void whatIsWrittenOverTheRestOfALineIsNotErasedWithIt() throws IOException {
    file.append("one");
    List<LineFile.Line> read = lines();
    byte[] content = Files.readAllBytes(path);
    content[(int) read.get(0).position()] = 'z';
    Files.write(path, content);

    file.erase(read);

    assertEquals(List.of("zne"), texts());
  }

  @Test
  void aLineBetweenErasedOnesStays() throws IOException {
    file.append("one");
    file.append("two");
    file.append("three");

    file.erase(lines().stream().filter(line -> !line.text().equals("two")).toList());

    assertEquals(List.of("two"), texts());
  }

  @Test
  void linesThatAreLongerThanABlockAreRead() throws IOException {
    String longest = "x".repeat(3 * LineFile.RESERVE);
    file.append("one");
    file.append(longest);
    file.append("two");

    assertEquals(List.of("one", longest, "two"), texts());
  }

  @Test
  void whatIsErasedIsGivenBackButForTheReserve() throws IOException {
    String line = "x".repeat(1000);
    for (int i = 0; i < 1000; i++) {
      file.append(line + i);
    }
    assertEquals(1000, Set.copyOf(texts()).size());

    file.erase(lines());
    file.shrink();

    assertEquals(LineFile.RESERVE, Files.size(path));
    assertTrue(Files.readString(path).isBlank());
    file.append("next");
    assertEquals(LineFile.RESERVE, Files.size(path));
  }

  @Test
  void theNextLifeWritesBehindWhatIsThere() throws IOException {
    file.append("one");

    LineFile next = new LineFile(path);
    next.prepare();
    next.append("two");

    assertEquals(List.of("one", "two"), texts());
    assertEquals(LineFile.RESERVE, Files.size(path));
  }
}
