package org.mailjournal.cli;

import java.util.Map;

/**
 * An entry of master.cf.
 *
 * @param chroot {@code y}, {@code n} or {@code -}
 * @param command the program, without its arguments
 * @param overrides what it sets for itself with {@code -o}
 */
record PostfixService(Name name, String chroot, String command, Map<String, String> overrides) {
  /** As postconf writes it, {@code smtp/inet}. */
  record Name(String name, String type) {
    @Override
    public String toString() {
      return name + "/" + type;
    }
  }
}
