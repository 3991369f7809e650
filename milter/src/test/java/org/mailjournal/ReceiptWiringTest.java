package org.mailjournal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.config.ConfigLoader;

class ReceiptWiringTest {
  @TempDir private Path directory;

  /** In From of a mail to anybody, raw UTF-8 would need SMTPUTF8 all the way (RFC 6531). */
  @ParameterizedTest
  @CsvSource({
    "'domains = [ \"example.org\" ]', postmaster@example.org",
    "'domains = [ \"bücher.example\" ]', postmaster@xn--bcher-kva.example",
    "'domains = [ \".bücher.example\" ]', postmaster@xn--bcher-kva.example",
    "'from = \"ada@bücher.example\"', ada@xn--bcher-kva.example",
    "'from = \"büro@bücher.example\"', büro@bücher.example",
    "'domains = [ \"straße.example\" ]', postmaster@straße.example",
    "'', postmaster@mail.example.net"
  })
  void receiptsComeFromAnAddressInAsciiWhereThatCanBe(String line, String from) throws Exception {
    Path file = Files.writeString(directory.resolve("journal.conf"), "receipts { " + line + " }");

    assertEquals(
        from, ReceiptWiring.from(new ConfigLoader().load(file), "mail.example.net").text());
  }
}
