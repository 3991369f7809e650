package org.mailjournal.receipt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;

/** What the submission server wants to know of us; never printed. */
final class Login {
  private final String name;
  private final String password;

  private Login(String name, String password) {
    this.name = name;
    this.password = password;
  }

  /** Read anew for each connection, so that a new password needs no restart. */
  static Login read(Path file) throws IOException {
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      throw new IOException(file + " is readable by everybody; chmod o= " + file);
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.size() < 2 || lines.get(0).isEmpty() || lines.get(1).isEmpty()) {
      throw new IOException(
          file + ": expected two lines, a login name and a password, got " + lines.size());
    }
    return new Login(lines.get(0), lines.get(1));
  }

  String name() {
    return name;
  }

  String password() {
    return password;
  }

  @Override
  public String toString() {
    return "login";
  }
}
