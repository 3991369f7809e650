package org.mailjournal.receipt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LookTest {
  @Test
  void look() throws IOException {
    Facts facts =
        Facts.of(
            Facts.relayed("bob@example.com"),
            Facts.failed("carol@example.net"),
            Facts.delayed("dirk@example.nl"),
            Facts.unreachable("emma@example.it"),
            Facts.rejected("x@y.z"),
            Facts.delivered("me@example.org"),
            Facts.queued("q@example.org"),
            Facts.expanded("all@example.org"),
            Facts.unreported("u@example.org"));
    Files.write(Path.of("target/look.eml"), Facts.composer("auto").compose(facts.notice()));
  }
}
