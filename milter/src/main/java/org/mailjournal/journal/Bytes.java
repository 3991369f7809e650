package org.mailjournal.journal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that nobody changes, compared by content; and how bytes become text here. */
public final class Bytes {
  /** What stands for each octet that is not well-formed UTF-8, or was sent as such. */
  private static final char REPLACEMENT = '\uFFFD';

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of the first bytes, at most {@code limit}. */
  public static Bytes head(byte[] bytes, int limit) {
    return new Bytes(Arrays.copyOf(bytes, Math.min(bytes.length, limit)));
  }

  /** The SHA-256 in lower-case hexadecimal. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /**
   * Text of bytes from a mail system: UTF-8 where they are well-formed UTF-8 (RFC 6531), else each
   * byte as the ISO 8859-1 character of its number, so that no byte is lost.
   */
  public static String text(byte[] bytes, int from, int length) {
    String lenient = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (lenient.indexOf(REPLACEMENT) < 0) {
      return lenient;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
  }

  /** {@link #text(byte[], int, int)} of all of them. */
  public static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  /** A copy. */
  public byte[] toArray() {
    return content.clone();
  }

  /** In lower-case hexadecimal. */
  public String hex() {
    return HexFormat.of().formatHex(content);
  }

  public int size() {
    return content.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
