package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOTIFY=sUCCESS,FAILURE,dELAY | default               | true",
        "NOTIFY=sUCCESS               | never                 | true",
        "NOTIFY=SUCCESS               | success               | true",
        "NOTIFY=FAILURE,sUCCESS       | failure               | true",
        "NOTIFY=failure,delay,sUCCESS | failure,delay         | true",
        "NOTIFY=DELAY,sUCCESS         | delay                 | true",
        "NOTIFY=SUCCESS,FAILURE,DELAY | success,failure,delay | true",
        "NOTIFY=FAILURE,SUCCESS       | success,failure       | true",
        "notify=SUCCESS,failure       | success,failure       | true",
        "NOTIFY=FAILURE               | failure               | false",
        "NOTIFY=NEVER                 | never                 | false",
        "NOTIFY=never                 | never                 | false",
        "NOTIFY=nonsense              | default               | false",
        "SIZE=1                       | default               | false",
      })
  void onPostfix(String parameter, String asked, boolean marked) {
    Mark mark = Mark.of(List.of("BODY=8BITMIME", parameter), true);
    assertEquals(asked, mark.asked().toString());
    assertEquals(marked, mark.marked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOTIFY=sUCCESS,FAILURE,dELAY | success,failure,delay",
        "NOTIFY=sUCCESS               | success",
        "NOTIFY=FAILURE,sUCCESS       | success,failure",
        "NOTIFY=NEVER                 | never",
        "SIZE=1                       | default",
      })
  void elsewhereNothingIsOurs(String parameter, String asked) {
    Mark mark = Mark.of(List.of(parameter), false);
    assertEquals(asked, mark.asked().toString());
    assertEquals(false, mark.marked());
  }

  @Test
  void theOriginalRecipientIsKeptAsGiven() {
    List<String> parameters = List.of("NOTIFY=sUCCESS", "orcpt=rfc822;Bob+2BSmith@example.com");
    assertEquals(Optional.of("rfc822;Bob+2BSmith@example.com"), Mark.of(parameters, true).orcpt());
    assertEquals(Optional.of("utf-8;x@y"), Mark.of(List.of("ORCPT=utf-8;x@y"), true).orcpt());
  }
}
