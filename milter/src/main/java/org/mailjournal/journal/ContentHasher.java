package org.mailjournal.journal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hashes a message as it passes: DKIM's relaxed canonicalisation (RFC 6376 sections 3.4.2 and
 * 3.4.4) of a fixed list of header fields and of the body. Keeps the listed fields until the
 * message ends, and nothing of the body. doc/EVIDENCE.md is the definition that this follows.
 *
 * <p>For one message and one thread.
 */
public final class ContentHasher {
  /**
   * The fields that are hashed, in the order in which they are: what a reader sees of a message,
   * and what decides how he sees it. Bcc is not among them, which MTAs remove; nor is anything that
   * is added on the way.
   */
  public static final List<String> FIELDS =
      List.of(
          "from",
          "sender",
          "reply-to",
          "to",
          "cc",
          "subject",
          "date",
          "message-id",
          "in-reply-to",
          "references",
          "mime-version",
          "content-type",
          "content-transfer-encoding",
          "content-disposition",
          "content-description",
          "content-id",
          "content-language");

  /** Of the listed fields of one message together, canonical; with more there is no digest. */
  public static final int MOST_OF_HEADER = 128 * 1024;

  private static final byte[] LINE_END = {'\r', '\n'};

  private final List<List<byte[]>> fields = new ArrayList<>();
  private final RelaxedBody body = new RelaxedBody();
  private int kept;

  /** A hasher that has seen nothing. */
  public ContentHasher() {
    for (int i = 0; i < FIELDS.size(); i++) {
      fields.add(null);
    }
  }

  /** Whether fields of that name are hashed; case does not count, nor does space around it. */
  public static boolean covers(String name) {
    return FIELDS.contains(canonical(name));
  }

  /**
   * The next header field of the message.
   *
   * @param value gives all behind the colon, folded or not, with or without the space in front;
   *     asked only if the field is hashed
   */
  public void field(String name, Supplier<byte[]> value) {
    int place = FIELDS.indexOf(canonical(name));
    if (place < 0 || kept > MOST_OF_HEADER) {
      return;
    }
    byte[] canonical = canonical(FIELDS.get(place), value.get());
    kept += canonical.length;
    if (fields.get(place) == null) {
      fields.set(place, new ArrayList<>(1));
    }
    fields.get(place).add(canonical);
  }

  /** The next octets of the body, cut anywhere. */
  public void body(byte[] octets, int from, int length) {
    body.update(octets, from, length);
  }

  /** The digest of all that was fed; empty when the listed fields are too long to be kept. */
  public Optional<ContentDigest> digest() {
    if (kept > MOST_OF_HEADER) {
      return Optional.empty();
    }
    MessageDigest header = sha256();
    for (List<byte[]> instances : fields) {
      if (instances != null) {
        instances.forEach(header::update);
      }
    }
    return Optional.of(new ContentDigest(whole(header.digest()), whole(body.digest())));
  }

  private static Bytes whole(byte[] hash) {
    return Bytes.head(hash, ContentDigest.LENGTH);
  }

  private static String canonical(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  /** RFC 6376 section 3.4.2: name, colon, the value unfolded with single spaces, CR LF. */
  private static byte[] canonical(String name, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(name.length() + value.length + 3);
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    out.write(':');
    boolean space = false;
    boolean begun = false;
    int returns = 0;
    for (byte octet : value) {
      switch (octet) {
        case '\r' -> returns++;
        // Unfolding: the line end goes, and the CRs that belong to it.
        case '\n' -> returns = 0;
        default -> {
          boolean blank = octet == ' ' || octet == '\t';
          if (!blank || returns > 0) {
            owed(space && begun, returns, out);
            begun |= !blank || returns > 0;
            space = false;
            returns = 0;
          }
          if (blank) {
            space = true;
          } else {
            out.write(octet);
          }
        }
      }
    }
    out.writeBytes(LINE_END);
    return out.toByteArray();
  }

  private static void owed(boolean space, int returns, ByteArrayOutputStream out) {
    if (space) {
      out.write(' ');
    }
    for (int i = 0; i < returns; i++) {
      out.write('\r');
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
