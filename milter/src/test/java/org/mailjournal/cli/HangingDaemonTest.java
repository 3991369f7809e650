package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel takes connections in the name of a daemon that hangs. */
class HangingDaemonTest {
  private ConnectedPostfix machine;

  @BeforeEach
  void connect(@TempDir Path directory) {
    machine = new ConnectedPostfix(directory);
  }

  @AfterEach
  void disconnect() throws IOException {
    machine.close();
  }

  @Test
  void aDaemonThatHangsIsFound() {
    machine.milter().hang();

    machine.expect(
        3,
        "@127.0.0.1: the daemon does not answer there (no word within 5 s), so no mail gets in",
        "systemctl restart mail-journal");
  }

  @Test
  void aRelayThatHangsIsFound() {
    SpokenTo relay = machine.listen(machine.queue().resolve("relay"));
    relay.hang();
    machine.setting("egress.listen = \"unix:" + machine.queue().resolve("relay") + "\"");

    machine.expect(
        3,
        "relay: the daemon does not answer there (no word within 5 s), so no mail goes out",
        "systemctl restart mail-journal");
  }

  @Test
  void aTapThatHangsIsFound() {
    machine.delete("spool/private/journal-trace");
    machine.listen(machine.queue().resolve("private/journal-trace")).hang();

    machine.expect(
        3,
        "private/journal-trace: the daemon does not answer there",
        "systemctl restart mail-journal");
  }
}
