package org.mailjournal.store;

/** Texts that many events share, kept once each under a number. */
interface Words {
  /** The number of a text, given now if it has none. */
  long number(String text);

  /**
   * The text of a number.
   *
   * @throws MalformedBody when it was never given
   */
  String text(long number);
}
