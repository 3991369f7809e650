package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.EventJson;
import org.mailjournal.journal.JsonWriter;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** The contract with scripts: names, values and what is left out. */
class JsonOutputTest {
  private Terminal terminal;

  @BeforeEach
  void sit(@TempDir Path directory) {
    terminal = new Terminal(directory);
  }

  private List<JsonObject> ask(String... command) {
    assertEquals(0, terminal.type(command), terminal.err());
    return terminal.out().lines().map(l -> JsonParser.parseString(l).getAsJsonObject()).toList();
  }

  private static List<String> names(JsonElement object) {
    return List.copyOf(object.getAsJsonObject().keySet());
  }

  @Test
  void findGivesOneObjectALineNewestFirst() {
    List<JsonObject> found = ask("find", "--json");

    assertEquals(
        List.of("4B61840C0C", "4B61830C0B", "4B61820C0A"),
        found.stream().map(m -> m.get("queue_id").getAsString()).toList());
  }

  @Test
  void aMessageHasTheNamesOfTheContractInTheirOrder() {
    JsonObject message = ask("find", "4B61840C0C", "--json").get(0);

    assertEquals(
        List.of(
            "id",
            "mta",
            "queue_id",
            "message_id",
            "sender",
            "authenticated_as",
            "client",
            "size",
            "received_at",
            "source",
            "previous",
            "recipients"),
        names(message));
    assertEquals(List.of("name", "address", "helo", "tls"), names(message.get("client")));
    assertEquals("<4B618D6A.2070804@example.org>", message.get("message_id").getAsString());
    assertEquals("2026-11-24T10:00:02.500Z", message.get("received_at").getAsString());
    assertEquals("[\"4B61830C0B\"]", message.get("previous").toString());
    assertEquals(399, message.get("size").getAsInt());
  }

  @Test
  void aRecipientHasTheNamesOfTheContractInTheirOrder() {
    JsonElement recipient = recipients("4B61840C0C").get(0);

    assertEquals(
        "{\"address\":\"ann@example.com\",\"asked\":\"default\",\"status\":\"relayed\","
            + "\"dsn\":\"2.0.0\",\"remote_mta\":\"mx.example.com\","
            + "\"remote_address\":\"192.0.2.1:25\","
            + "\"reply\":\"250 2.0.0 Ok: queued as 51E02514009\","
            + "\"remote_queue_id\":\"51E02514009\",\"attempts\":1,\"source\":\"pass\","
            + "\"at\":\"2026-11-24T10:00:04.000Z\"}",
        recipient.toString());
  }

  private List<JsonElement> recipients(String queueId) {
    return ask("find", queueId, "--json").get(0).getAsJsonArray("recipients").asList();
  }

  @Test
  void everyStatusHasItsWordAndWhatTheSenderAsked() {
    List<String> seen =
        recipients("4B61820C0A").stream()
            .map(JsonElement::getAsJsonObject)
            .map(r -> r.get("status").getAsString() + " " + r.get("asked"))
            .toList();

    assertEquals(
        List.of(
            "relayed \"default\"",
            "delayed \"never\"",
            "failed \"success,failure\"",
            "delivered \"default\"",
            "expanded \"default\"",
            "unreported \"default\"",
            "queued \"default\"",
            "rejected null"),
        seen);
  }

  /** Nobody knows what its sender asked for, and no milter saw it. */
  @Test
  void aMessageOfWhichNoMilterToldSaysSo() {
    terminal.over(Sample.listening().record(Sample.foundling()));

    JsonObject message = ask("show", "F0UND", "--json").get(0);

    assertEquals("pass", message.get("source").getAsString());
    assertFalse(message.toString().contains("asked"), message.toString());
  }

  @Test
  void absentValuesAreLeftOut() {
    Event.Received bare =
        new Event.Received(
            Sample.AGAIN.receivedAt(),
            Source.EGRESS,
            Sample.AGAIN,
            Optional.empty(),
            Address.NULL,
            Optional.empty(),
            Client.UNKNOWN,
            0,
            List.of(),
            List.of(),
            List.of());
    terminal.over(new FixtureReader().record(bare));

    JsonObject message = ask("find", "--json").get(0);

    assertEquals(
        List.of(
            "id",
            "mta",
            "queue_id",
            "sender",
            "size",
            "received_at",
            "source",
            "previous",
            "recipients"),
        names(message));
    assertEquals("", message.get("sender").getAsString());
    assertFalse(terminal.out().contains("null"));
  }

  @Test
  void showAddsTheEventsToTheSameObject() {
    JsonObject found = ask("find", "4B61820C0A", "--json").get(0);
    JsonObject shown = ask("show", "<4B61820C0A>", "--json").get(0);

    JsonElement events = shown.remove("events");
    assertEquals(found, shown);
    assertEquals(
        List.of(
            "received",
            "relayed",
            "delayed",
            "delayed",
            "failed",
            "delivered",
            "expanded",
            "unreported"),
        events.getAsJsonArray().asList().stream()
            .map(e -> e.getAsJsonObject().get("kind").getAsString())
            .toList());
  }

  @Test
  void everyKindOfEventHasItsNames() {
    Event.Outcome outcome =
        new Sample.Outcome(Sample.AGAIN, "a@b", Status.FAILED, "2026-11-24T10:00:00Z", "5.1.1")
            .far("mx.b", "192.0.2.1:25")
            .reply("550 5.1.1 no")
            .reason("host said no")
            .event();
    Instant at = Instant.parse("2026-11-24T10:00:00Z");
    Event.Unreported unreported =
        new Event.Unreported(
            at,
            Source.QUEUE,
            Sample.AGAIN,
            new Recipient(new Address("a@b"), Optional.of(new Address("c@d"))),
            "gone");
    Event.Oddity oddity =
        Event.Oddity.of(
            at, Source.PASS, Optional.empty(), "pass", "cut short", new byte[] {0, (byte) 0xff});

    String common = "sequence at kind source";
    String message = common + " id mta queue_id";
    assertEquals(
        message + " message_id sender authenticated_as client size received_ids accepted rejected",
        namesOf(Sample.received(Sample.AGAIN, List.of(), List.of())));
    assertEquals(
        message + " recipient dsn remote_mta remote_address reply reason", namesOf(outcome));
    assertEquals(message + " recipient original reason", namesOf(unreported));
    assertEquals(common + " stage problem sha256 excerpt_base64", namesOf(oddity));
    assertEquals(
        common + " host version", namesOf(new Event.Started(at, Source.ADMIN, "h", "0.1")));
    assertEquals(common + " host", namesOf(new Event.Stopped(at, Source.ADMIN, "h")));
  }

  private static String namesOf(Event event) {
    String json = EventJson.of(new org.mailjournal.journal.RecordedEvent(7, event));
    return String.join(" ", names(JsonParser.parseString(json)));
  }

  @Test
  void statsIsOneObject() {
    JsonObject stats = ask("stats", "--json", "--since", "2026-11-24").get(0);

    assertEquals(
        List.of("since", "messages", "recipients", "oddities", "unrecorded", "delay", "exchangers"),
        names(stats));
    assertEquals("2026-11-23T23:00:00.000Z", stats.get("since").getAsString());
    assertEquals(8, stats.getAsJsonObject("recipients").size());
    assertEquals(850, stats.getAsJsonObject("delay").get("p50_ms").getAsInt());
  }

  @Test
  void nothingFoundLeavesTheOutputEmptyAndExplainsBesideIt() {
    assertEquals(1, terminal.type("find", "nobody", "--json"));

    assertEquals("", terminal.out());
    assertTrue(terminal.err().startsWith("Nothing found."));
  }

  @Test
  void anyTextComesBackAsItWentInOnOneLine() {
    List<String> hostile =
        new ArrayList<>(List.of("", "\\\"/", "ä€𝄞", "\u2028\u2029\u0085", "\ufeff"));
    for (char c = 0; c < 0x100; c++) {
      hostile.add("a" + c + "b");
    }
    for (String text : hostile) {
      String json = JsonWriter.object(w -> w.field("t", text));
      assertEquals(1, json.lines().count());
      assertTrue(json.chars().noneMatch(c -> c < 0x20 || (c >= 0x7f && c < 0xa0)), json);
      String back = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      assertEquals(text, JsonParser.parseString(back).getAsJsonObject().get("t").getAsString());
    }
  }

  /** Scripts read it, and people whose terminal would turn it round. */
  @Test
  void whatWouldDeceiveAPersonIsEscaped() {
    String text = "a\u202eb\u2066c\u200bd\u3164e\udb40\udc01f";

    String json = JsonWriter.object(w -> w.field("t", text));

    assertEquals("{\"t\":\"a\\u202eb\\u2066c\\u200bd\\u3164e\\udb40\\udc01f\"}", json);
    assertEquals(text, JsonParser.parseString(json).getAsJsonObject().get("t").getAsString());
  }

  @Test
  void halfASurrogatePairDoesNotBreakTheEncoding() {
    String json = JsonWriter.object(w -> w.field("t", "a\ud800b"));

    assertEquals("{\"t\":\"a\\ufffdb\"}", json);
  }
}
