package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class RecentTest {
  private final Recent<String, Integer> recent = new Recent<>(weight -> weight, 100, 300);

  @Test
  void whatWasUsedLongestAgoGoesFirst() {
    put(10, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    recent.get("a");
    put(10, "k");
    assertNotNull(recent.get("a"));
    assertNull(recent.get("b"));
  }

  @Test
  void theLargeOneStaysWhileSmallOnesComeAndGo() {
    put(150, "large");
    for (int i = 0; i < 1000; i++) {
      put(10, "small " + i);
    }
    assertNotNull(recent.get("large"));
    assertNotNull(recent.get("small 999"));
    assertNull(recent.get("small 0"));
  }

  @Test
  void smallOnesStayWhileLargeOnesComeAndGo() {
    put(10, "a", "b", "c");
    for (int i = 0; i < 1000; i++) {
      put(150, "large " + i);
    }
    assertNotNull(recent.get("a"));
    assertNotNull(recent.get("large 999"));
    assertNotNull(recent.get("large 998"));
    assertNull(recent.get("large 997"));
  }

  @Test
  void theNewestStaysEvenWhenItAloneIsHeavierThanAll() {
    put(10, "a");
    put(1000, "huge");
    put(10, "b");
    assertNotNull(recent.get("huge"));
    put(30, "large");
    assertNull(recent.get("huge"));
    assertNotNull(recent.get("a"));
  }

  @Test
  void whatGrowsIsWeighedAgain() {
    for (int weight = 1; weight <= 200; weight++) {
      put(weight, "growing");
      put(1, "small");
    }
    put(10, "a", "b", "c", "d", "e", "f", "g", "h", "i");
    assertEquals(200, recent.get("growing"));
    assertEquals(1, recent.get("small"));
  }

  @Test
  void whatIsTakenOutLeavesItsRoomToOthers() {
    put(60, "large");
    put(20, "a", "b", "c", "d", "e");
    recent.remove("large");
    recent.remove("a");
    recent.remove("unknown");
    put(20, "f");
    assertNull(recent.get("large"));
    assertNull(recent.get("a"));
    assertNotNull(recent.get("b"));
    assertNotNull(recent.get("f"));
  }

  @Test
  void middlingOnesDoNotPutOutOneThatIsHeavierThanItsRoom() {
    Recent<String, Integer> three = new Recent<>(weight -> weight, 10, 100, 300);
    three.put("giant", 400);
    for (int i = 0; i < 1000; i++) {
      three.put("middling " + i, 20);
      three.put("small " + i, 1);
      assertNotNull(three.get("giant"));
    }
    assertNotNull(three.get("middling 996"));
    assertNull(three.get("middling 0"));
    assertNull(three.get("small 0"));
  }

  private void put(int weight, String... keys) {
    for (String key : keys) {
      recent.put(key, weight);
    }
  }
}
