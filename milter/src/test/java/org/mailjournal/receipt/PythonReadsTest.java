package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A third reader: Python's {@code email}, where it is installed. */
final class PythonReadsTest {
  private static final String READER =
      """
      import email, email.policy, sys
      m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
      def lines(p, depth=0):
          if p.defects:
              yield 'DEFECT ' + repr(p.defects)
          yield ' ' * depth + p.get_content_type()
          if p.is_multipart():
              for q in p.iter_parts():
                  yield from lines(q, depth + 1)
      for line in lines(m):
          print(line)
      print(m['Subject'])
      print(m['To'].addresses[0].addr_spec)
      print(m['In-Reply-To'])
      print(m.get_body(('plain',)).get_content().splitlines()[0])
      for p in m.walk():
          if p.get_filename() == 'evidence.json':
              print(p.get_content().decode().strip())
          if p.get_content_type() == 'message/delivery-status':
              for group in p.get_payload()[1:]:
                  print(group['Final-Recipient'], group['Action'], group['Status'])
      """;

  @Test
  void pythonSeesTheSame(@TempDir Path directory) throws IOException, InterruptedException {
    Facts facts =
        Facts.of(Facts.relayed("bob@example.com"), Facts.failed("carol@example.net"))
            .subject("=?utf-8?q?Gr=C3=BC=C3=9Fe=2C?= \"Alice\" <script>");
    Path receipt = directory.resolve("receipt.eml");
    Files.write(receipt, Facts.composer("de").compose(facts.notice()));
    assertEquals(
        """
        multipart/report
         multipart/mixed
          multipart/alternative
           text/plain
           text/html
          application/json
         message/delivery-status
          text/plain
          text/plain
          text/plain
         text/rfc822-headers
        1 von 2 angenommen, 1 fehlgeschlagen: Grüße, "Alice" <script>
        alice@example.org
        <4B618D6A.2070804@example.org>
        1 von 2 angenommen, 1 fehlgeschlagen
        {"events":[]}
        rfc822; bob@example.com relayed 2.0.0
        rfc822; carol@example.net failed 5.1.1
        """,
        read(receipt));
  }

  private static String read(Path receipt) throws IOException, InterruptedException {
    Path output = receipt.resolveSibling("output");
    Process python;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(List.of("python3", "-c", READER, receipt.toString()));
      builder.environment().put("PYTHONIOENCODING", "utf-8");
      python = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    } catch (IOException notInstalled) {
      assumeTrue(false, "python3 is not installed");
      throw notInstalled;
    }
    assertTrue(python.waitFor(60, TimeUnit.SECONDS), "python3 takes too long");
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
