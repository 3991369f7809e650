package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifyMarkTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RCPT TO:<a@b>                          | RCPT TO:<a@b> NOTIFY=sUCCESS,FAILURE,dELAY",
        "RCPT TO:<a@b> NOTIFY=NEVER             | RCPT TO:<a@b> NOTIFY=sUCCESS",
        "rcpt to:<a@b> notify=never ORCPT=rfc822;a@b"
            + " | rcpt to:<a@b> notify=sUCCESS ORCPT=rfc822;a@b",
        "RCPT TO:<a@b> NOTIFY=FAILURE,DELAY     | RCPT TO:<a@b> NOTIFY=FAILURE,DELAY,sUCCESS",
        "RCPT TO:<a@b> NOTIFY=SUCCESS           | RCPT TO:<a@b> NOTIFY=SUCCESS",
        "RCPT TO:<a@b> NOTIFY=sUCCESS           | RCPT TO:<a@b> NOTIFY=SUCCESS",
        "RCPT TO:<a@b> NOTIFY=sUCCESS,FAILURE,dELAY"
            + " | RCPT TO:<a@b> NOTIFY=SUCCESS,FAILURE,dELAY"
      })
  void theMarkTellsOursFromTheSenders(String asked, String marked) {
    assertEquals(marked, NotifyMark.on(asked));
  }

  @Test
  void flagsAreThoseOfPostfix() {
    assertEquals(7, NotifyMark.flags("sUCCESS,FAILURE,dELAY"));
    assertEquals(8, NotifyMark.flags("NEVER"));
    assertEquals(0, NotifyMark.flags(""));
  }
}
