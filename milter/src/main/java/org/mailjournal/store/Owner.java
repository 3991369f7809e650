package org.mailjournal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/** Whose files lie beside the journal. */
final class Owner {
  private Owner() {}

  /** What root's command makes in the daemon's directory must be the daemon's all the same. */
  static void asOfItsDirectory(Path file) throws IOException {
    UserPrincipal owner = Files.getOwner(file.toAbsolutePath().getParent());
    if (System.getProperty("user.name").equals("root") && !Files.getOwner(file).equals(owner)) {
      Files.setOwner(file, owner);
    }
  }
}
