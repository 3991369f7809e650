package org.mailjournal.egress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** A login name and password; never printed. */
final class Credentials {
  private final String name;
  private final String password;

  private Credentials(String name, String password) {
    this.name = name;
    this.password = password;
  }

  /** From a file of two lines, read anew for each connection so that a change needs no restart. */
  static Credentials read(Path file) throws HopException {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      if (lines.size() < 2 || lines.get(0).isEmpty() || lines.get(1).isEmpty()) {
        throw HopException.ours(
            451, "4.3.5", "the credentials file lacks a login name or a password", null);
      }
      return new Credentials(lines.get(0), lines.get(1));
    } catch (IOException unreadable) {
      throw HopException.ours(451, "4.3.5", "the credentials file is unreadable", unreadable);
    }
  }

  /** RFC 4616. */
  String plain() {
    return encode("\0" + name + "\0" + password);
  }

  String loginName() {
    return encode(name);
  }

  String loginPassword() {
    return encode(password);
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "credentials";
  }
}
