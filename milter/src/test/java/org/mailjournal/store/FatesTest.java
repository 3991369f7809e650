package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Status;

class FatesTest {
  private static final MessageKey KEY = Mails.key("A1", Mails.NOON);

  @Provide
  Arbitrary<List<Event>> histories() {
    return AnyEvent.ofFewMessages()
        .filter(event -> event.about().isPresent())
        .map(event -> AnyEvent.about(event, KEY))
        .list()
        .ofMaxSize(12);
  }

  @Property(tries = 150, seed = "1", edgeCases = EdgeCasesMode.NONE)
  void saysWhatTheReductionSays(@ForAll("histories") List<Event> history) {
    Fates fates = new Fates();
    for (int i = 0; i < history.size(); i++) {
      fates.apply(history.get(i));
      assertEquals(reduced(history.subList(0, i + 1)), fates.statuses());
    }
  }

  private static Set<Status> reduced(List<Event> history) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    Reduction.of(
            IntStream.range(0, history.size())
                .mapToObj(i -> new RecordedEvent(i + 1, history.get(i)))
                .toList())
        .ifPresent(
            state ->
                state.recipients().stream().map(RecipientState::status).forEach(statuses::add));
    return statuses;
  }
}
