package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code multipart/signed} message (RFC 1847 section 2.1), taken apart without changing an octet
 * of what is signed; only line ends become CR LF, in which form they were signed.
 */
final class SignedFile {
  /** Some 200,000 events of {@code journal evidence}; a receipt has 4,000 at most. */
  static final int LARGEST = 128 * 1024 * 1024;

  private static final String CURE =
      "give the file that 'journal evidence -o' wrote, or the whole receipt as it was mailed";
  private static final Pattern SIGNED =
      Pattern.compile("(?im)^content-type:[ \t]*multipart/signed\\b([^\r\n]*)");
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i);\\s*boundary\\s*=\\s*(?:\"([^\"\r\n]{1,200})\"|([^\\s;\"]{1,200}))");

  private final byte[] content;
  private final byte[] signature;

  private SignedFile(byte[] content, byte[] signature) {
    this.content = content;
    this.signature = signature;
  }

  /** The first part, header fields and body, up to the line end that belongs to the boundary. */
  byte[] content() {
    return content;
  }

  /** The second part, decoded. */
  byte[] signature() {
    return signature;
  }

  /**
   * Reads a file.
   *
   * @throws EvidenceException when it cannot be read or is no signed message
   */
  static SignedFile read(Path file) {
    String text = new String(lines(bytes(file)), StandardCharsets.ISO_8859_1);
    int body = text.indexOf("\r\n\r\n");
    Matcher signed = SIGNED.matcher(unfolded(body < 0 ? "" : text.substring(0, body)));
    if (!signed.find()) {
      throw refused(file, "its header has no Content-Type multipart/signed");
    }
    Matcher boundary = BOUNDARY.matcher(signed.group(1));
    if (!boundary.find()) {
      throw refused(file, "its Content-Type has no boundary");
    }
    String name = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
    String delimiter = "\r\n--" + name;
    int first = text.indexOf(delimiter + "\r\n", body + 2);
    int second = first < 0 ? -1 : text.indexOf(delimiter + "\r\n", first + delimiter.length());
    int end = second < 0 ? -1 : text.indexOf(delimiter + "--", second + delimiter.length());
    if (end < 0) {
      throw refused(file, "it has not the two parts that the standard asks for");
    }
    String content = text.substring(first + delimiter.length() + 2, second);
    String part = text.substring(second + delimiter.length() + 2, end);
    return new SignedFile(content.getBytes(StandardCharsets.ISO_8859_1), signature(file, part));
  }

  /** RFC 5322 section 2.2.3; for a pattern each fold would cost a piece of the stack. */
  private static String unfolded(String header) {
    return header.replace("\r\n ", " ").replace("\r\n\t", "\t");
  }

  private static byte[] signature(Path file, String part) {
    int body = part.indexOf("\r\n\r\n");
    String header = part.substring(0, Math.max(0, body)).toLowerCase(Locale.ROOT);
    if (!header.contains("pkcs7-signature") || !header.contains("base64")) {
      throw refused(file, "its second part is no S/MIME signature in base64");
    }
    try {
      return Base64.getMimeDecoder().decode(part.substring(body + 4));
    } catch (IllegalArgumentException e) {
      throw refused(file, "its signature is no base64");
    }
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw EvidenceException.unreadable(
            file + " has more than " + LARGEST + " bytes, which is all that is taken",
            "check its signature with 'openssl cms -verify', and read evidence.json by itself");
      }
      return bytes;
    } catch (IOException e) {
      throw EvidenceException.unreadable(file + " cannot be read: " + FileWords.of(e), CURE, e);
    }
  }

  private static byte[] lines(byte[] bytes) {
    int begin =
        Arrays.equals(bytes, 0, Math.min(5, bytes.length), FROM_LINE, 0, 5) ? afterLine(bytes) : 0;
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + bytes.length / 32);
    byte last = 0;
    for (int i = begin; i < bytes.length; i++) {
      byte octet = bytes[i];
      if (octet == '\n' && last != '\r') {
        out.write('\r');
      }
      out.write(octet);
      last = octet;
    }
    return out.toByteArray();
  }

  /** What an mbox has in front of a message. */
  private static final byte[] FROM_LINE = {'F', 'r', 'o', 'm', ' '};

  private static int afterLine(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return Math.min(bytes.length, end + 1);
  }

  private static EvidenceException refused(Path file, String problem) {
    return EvidenceException.unreadable(file + " is no signed evidence: " + problem, CURE);
  }
}
