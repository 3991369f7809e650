package org.mailjournal.receipt;

import java.util.List;
import java.util.Optional;

/**
 * What a receipt shows, in the reader's language and harmless ({@link Shown}), before it becomes
 * text or HTML.
 *
 * @param rows what the sender has to see first comes first
 * @param others of the recipients for whom there was no room
 * @param notes what the labels among the rows mean
 */
record View(
    Texts texts,
    Summary.Tone tone,
    String headline,
    Optional<String> subject,
    String lead,
    List<Row> rows,
    Optional<String> others,
    List<String> notes,
    List<Detail> details,
    List<String> footer) {
  /**
   * One recipient.
   *
   * @param note what the label means
   * @param original how the sender gave the address, where the MTA changed it
   */
  record Row(
      String address,
      Optional<String> original,
      Summary.Tone tone,
      String label,
      String note,
      String sentence,
      Optional<Words> words,
      Optional<String> attempts) {}

  /**
   * What a server said, verbatim, and whose words they are.
   *
   * @param far whether they are the words of the server that the sentence names
   */
  record Words(String whose, String text, boolean far) {}

  /** One thing that is known of the message itself. */
  record Detail(String name, String value) {}
}
