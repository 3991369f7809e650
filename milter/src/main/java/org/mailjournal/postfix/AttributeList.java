package org.mailjournal.postfix;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One list of attributes of Postfix's private protocol, as attr_print0.c writes it: name, NUL,
 * value, NUL, and an empty name at the end.
 */
final class AttributeList {
  private final Map<String, String> values;
  private final byte[] wire;

  AttributeList(Map<String, String> values, byte[] wire) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.wire = wire;
  }

  /** The list with these names and values, alternating. */
  static AttributeList of(String... namesAndValues) {
    Map<String, String> values = new LinkedHashMap<>();
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    for (String text : namesAndValues) {
      wire.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      wire.write(0);
    }
    wire.write(0);
    return new AttributeList(values, wire.toByteArray());
  }

  /** What the server says first since Postfix 3.6. */
  static AttributeList greeting() {
    return of("protocol", "delivery_status_protocol");
  }

  /** A service's answer; anything but 0 makes qmgr keep the message and ask again. */
  static AttributeList status(int status) {
    return of("status", Integer.toString(status));
  }

  Map<String, String> values() {
    return values;
  }

  /** The exact bytes, to be passed on unchanged. */
  byte[] wire() {
    return wire.clone();
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** An unsigned 32-bit number as attr_print0.c writes an int; empty when there is none. */
  Optional<Integer> number(String name) {
    try {
      return text(name).map(Integer::parseUnsignedInt);
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  boolean isGreeting() {
    return values.containsKey("protocol") && !values.containsKey("status");
  }
}
