package org.mailjournal.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Deflates bodies against a preset dictionary: the phrases of MTAs, then the words that the body
 * names. A single event repeats little within itself, so without the dictionary nothing is won. Not
 * for use by two threads at once.
 */
final class Packing implements AutoCloseable {
  /** Part of the body's versions 2 and 4: a changed dictionary needs a new version. */
  private static final byte[] PHRASES =
      ("unknownlocalhost.localdomainipv6:rfc822;utf-8;envelope-from"
              + "conversation with timed out while receiving the initial server greeting"
              + "lost connection with while sending end of data -- message may be sent more than"
              + " once: No route to host: Network is unreachable"
              + "Host or domain name not found. Name service error for name= type=MX: Host not"
              + " found, try again type=AAAA: Host not found"
              + "]:25: Connection refused]:25: Connection timed outconnect to "
              + "mail for  loops back to myselfunknown user: \"User unknown in virtual mailbox"
              + " table (in reply to MAIL FROM command) (in reply to end of DATA command)"
              + " (in reply to RCPT TO command)550 5.7.1 554 5.7.1 552 5.2.2 mailbox full"
              + "452 4.2.2 450 4.2.0 Greylisted, try again later451 4.7.1 421 4.7.0 "
              + "550 5.1.1 Recipient address rejected: User unknown in local recipient table"
              + " said:  refused to talk to me: delivered to command: delivered to maildir"
              + "delivered to mailboxdelivery via local: "
              + " [InternalId= Queued mail for delivery Message accepted for delivery"
              + "250 2.6.0 <250 2.1.5 250 OK id=250 2.0.0 OK  - gsmtp"
              + "@gmail.com@outlook.com@example.orgprod.outlook.comgooglemail.com"
              + "https://smtp.mail.mx.mail-.co.uk.de.net.org.com"
              + "delivery via [127.0.0.1]:25: 250 2.0.0 Ok: queued as ")
          .getBytes(StandardCharsets.US_ASCII);

  private static final int CHUNK = 64 * 1024;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final Inflater inflater = new Inflater(true);
  private byte[] dictionary = PHRASES;

  byte[] pack(byte[] content, List<String> words) {
    deflater.reset();
    int known = fill(words);
    deflater.setDictionary(dictionary, 0, known);
    deflater.setInput(content);
    deflater.finish();
    byte[] packed = new byte[content.length + 64];
    int length = 0;
    while (!deflater.finished()) {
      if (length == packed.length) {
        packed = Arrays.copyOf(packed, packed.length + CHUNK);
      }
      length += deflater.deflate(packed, length, packed.length - length);
    }
    return Arrays.copyOf(packed, length);
  }

  byte[] unpack(byte[] body, int from, int size, List<String> words) {
    inflater.reset();
    int known = fill(words);
    inflater.setDictionary(dictionary, 0, known);
    inflater.setInput(body, from, body.length - from);
    // Grows with what really comes: the size that is stated may be damaged like all else.
    byte[] content = new byte[Math.min(size, CHUNK)];
    int length = 0;
    try {
      while (length < size) {
        if (length == content.length) {
          content = Arrays.copyOf(content, (int) Math.min(size, 2L * content.length));
        }
        int more = inflater.inflate(content, length, content.length - length);
        if (more == 0) {
          throw new MalformedBody("unpacks to " + length + " of " + size + " bytes");
        }
        length += more;
      }
    } catch (DataFormatException e) {
      throw new MalformedBody("does not unpack: " + e.getMessage(), e);
    }
    return content;
  }

  /** How much of the dictionary holds: the phrases always stand in front. */
  private int fill(List<String> words) {
    byte[] own = String.join("", words).getBytes(StandardCharsets.UTF_8);
    int length = PHRASES.length + own.length;
    if (length > dictionary.length) {
      dictionary = Arrays.copyOf(PHRASES, length);
    }
    System.arraycopy(own, 0, dictionary, PHRASES.length, own.length);
    return length;
  }

  @Override
  public void close() {
    deflater.end();
    inflater.end();
  }
}
