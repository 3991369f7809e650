package org.mailjournal.journal;

/**
 * What tells one text from every other without keeping it: the SHA-256 of a message's header fields
 * and of its body, in the canonical form {@link #FORM}.
 *
 * @param header 32 octets, of the fields that {@link ContentHasher} names
 * @param body 32 octets
 */
public record ContentDigest(Bytes header, Bytes body) {
  /** The canonical form's name; what it means never changes. doc/EVIDENCE.md defines it. */
  public static final String FORM = "mail-journal-relaxed-1";

  /** The octets of one hash. */
  public static final int LENGTH = 32;

  public ContentDigest {
    if (header.size() != LENGTH || body.size() != LENGTH) {
      throw new IllegalArgumentException(
          "content digest: expected two hashes of "
              + LENGTH
              + " bytes, got "
              + header.size()
              + " and "
              + body.size());
    }
  }
}
