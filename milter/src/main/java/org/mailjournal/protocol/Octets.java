package org.mailjournal.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of a packet as the MTA sent them; nobody changes them. What they mean as text is for others
 * to say: header fields and addresses may be UTF-8, ISO 8859-1 or neither.
 */
public final class Octets {
  private final byte[] packet;
  private final int from;
  private final int length;

  private Octets(byte[] packet, int from, int length) {
    this.packet = packet;
    this.from = from;
    this.length = length;
  }

  /** Takes octets, and does not hold on to them. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] octets, int from, int length);
  }

  static Octets view(byte[] packet) {
    return new Octets(packet, 0, packet.length);
  }

  /** A view of a packet that is read no further by anybody else. */
  static Octets view(byte[] packet, int from, int length) {
    return new Octets(packet, from, length);
  }

  /** A copy that does not hold on to the packet. */
  Octets compact() {
    return new Octets(toArray(), 0, length);
  }

  /** With one octet in front. */
  Octets prefixed(char first) {
    byte[] bytes = new byte[length + 1];
    bytes[0] = (byte) first;
    System.arraycopy(packet, from, bytes, 1, length);
    return new Octets(bytes, 0, bytes.length);
  }

  public int length() {
    return length;
  }

  /**
   * The octet at a place, from 0.
   *
   * @throws IndexOutOfBoundsException beyond the end
   */
  public byte at(int index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(index);
    }
    return packet[from + index];
  }

  /** Hands them over without a copy. */
  public void into(Sink sink) {
    sink.take(packet, from, length);
  }

  /** A copy. */
  public byte[] toArray() {
    return Arrays.copyOfRange(packet, from, from + length);
  }

  /** Whether these are the ASCII text's octets, upper and lower case being equal. */
  public boolean equalsIgnoreCase(String ascii) {
    return ascii.length() == length && startsWithIgnoreCase(ascii);
  }

  /** Whether the ASCII text's octets are the first of these, upper and lower case being equal. */
  public boolean startsWithIgnoreCase(String ascii) {
    if (ascii.length() > length) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (lower(packet[from + i]) != lower((byte) ascii.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
  }

  /** Only for what is ASCII by the protocol: macro names and address literals. */
  String ascii() {
    return new String(packet, from, length, StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets octets
        && Arrays.equals(
            packet, from, from + length, octets.packet, octets.from, octets.from + octets.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + packet[i];
    }
    return hash;
  }

  /** Their number only: they may be somebody's mail, and this text ends in logs. */
  @Override
  public String toString() {
    return length + " octets";
  }
}
