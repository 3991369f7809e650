package org.mailjournal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final String HEAD = "Limit                     Soft Limit   Hard Limit   Units";

  @Test
  void theSoftLimitCounts() {
    List<String> lines =
        List.of(HEAD, "Max open files            1024                 4096                 files");

    assertEquals(OptionalLong.of(1024), Bounds.limit(lines));
  }

  @Test
  void withoutALimitThereIsNone() {
    assertEquals(
        OptionalLong.empty(), Bounds.limit(List.of(HEAD, "Max open files  unlimited  unlimited")));
    assertEquals(OptionalLong.empty(), Bounds.limit(List.of(HEAD)));
  }
}
