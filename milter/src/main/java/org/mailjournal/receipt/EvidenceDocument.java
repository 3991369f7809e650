package org.mailjournal.receipt;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.ContentDigest;

/** {@code evidence.json}, found in what was signed and read. */
final class EvidenceDocument {
  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);
  private static final Pattern FILE_NAME =
      Pattern.compile("(?is).*;\\s*filename\\s*=\\s*\"?evidence\\.json\"?\\s*(;.*)?");
  private static final int LARGEST = SignedFile.LARGEST;

  /** Of multiparts; ours has one, and a receipt with it two. */
  private static final int DEEPEST = 20;

  private final Config json;

  private EvidenceDocument(Config json) {
    this.json = json;
  }

  /**
   * The document in signed content. Messages within are not looked into: what a sender attached is
   * not what the site attests.
   *
   * @return empty when there is none, when there are several, and when it is none of ours
   */
  static Optional<EvidenceDocument> in(byte[] content) {
    List<String> found = new ArrayList<>();
    MimeTokenStream stream = new MimeTokenStream();
    stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
    try {
      stream.parse(new ByteArrayInputStream(content));
      boolean named = false;
      int depth = 0;
      for (EntityState state = stream.getState();
          state != EntityState.T_END_OF_STREAM;
          state = stream.next()) {
        switch (state) {
          case T_START_HEADER -> named = false;
          case T_START_MULTIPART -> {
            if (++depth > DEEPEST) {
              return Optional.empty();
            }
          }
          case T_END_MULTIPART -> depth--;
          case T_FIELD -> named |= isNamed(stream.getField());
          case T_BODY -> {
            if (named) {
              found.add(text(stream.getDecodedInputStream()));
            }
          }
          default -> {}
        }
      }
    } catch (MimeException | IOException unreadable) {
      return Optional.empty();
    }
    return found.size() == 1 ? parse(found.get(0)) : Optional.empty();
  }

  private static boolean isNamed(Field field) {
    return field.getName().equalsIgnoreCase("Content-Disposition")
        && FILE_NAME.matcher(field.getBody()).matches();
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
  }

  private static Optional<EvidenceDocument> parse(String text) {
    try {
      Config json = ConfigFactory.parseString(text, JSON);
      boolean ours = json.hasPath("format") && json.getString("format").equals(Evidence.FORMAT);
      return ours ? Optional.of(new EvidenceDocument(json)) : Optional.empty();
    } catch (ConfigException | IllegalArgumentException | StackOverflowError noJson) {
      // The parser descends as deep as the text is nested, and trips over a sign in an escape.
      return Optional.empty();
    }
  }

  /** A text of the document; a dash where it has none. */
  String text(String name) {
    return text(json, name).orElse("-");
  }

  private static Optional<String> text(Config object, String name) {
    try {
      return object.hasPath(name) ? Optional.of(object.getString(name)) : Optional.empty();
    } catch (ConfigException otherType) {
      return Optional.empty();
    }
  }

  /** How many events it says that it has not. */
  String leftOut() {
    return text(json, "events_left_out").orElse("0");
  }

  /** The hashes; empty when there are none, or in a form that this program does not know. */
  Optional<ContentDigest> digest() {
    if (!text("digest.form").equals(ContentDigest.FORM)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ContentDigest(hash("digest.header_sha256"), hash("digest.body_sha256")));
    } catch (IllegalArgumentException noHash) {
      return Optional.empty();
    }
  }

  private Bytes hash(String name) {
    byte[] hash = HexFormat.of().parseHex(text(name));
    return Bytes.head(hash, hash.length);
  }

  /** What became of recipients, a line each, as it is recorded. */
  List<String> outcomes() {
    List<String> lines = new ArrayList<>();
    try {
      for (Config event : json.getConfigList("events")) {
        text(event, "recipient").ifPresent(recipient -> lines.add(outcome(event, recipient)));
      }
    } catch (ConfigException otherType) {
      lines.add("its events cannot be read");
    }
    return lines;
  }

  private static String outcome(Config event, String recipient) {
    return text(event, "at").orElse("-")
        + "  "
        + text(event, "kind").orElse("-")
        + "  "
        + recipient
        + text(event, "remote_mta").map(mta -> "  by " + mta).orElse("")
        + text(event, "reply")
            .map(reply -> ", in its words: " + reply)
            .or(() -> text(event, "reason").map(reason -> ": " + reason))
            .orElse("");
  }
}
