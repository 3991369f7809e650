package org.mailjournal.journal;

/**
 * The header section of a message whose sender gets a receipt. It is the one exception to the rule
 * that subjects are not stored: kept until the last receipt is done, then removed.
 *
 * @param section whole fields as they came, at most {@link #MOST} bytes of them
 */
public record KeptHeader(MessageKey message, Bytes section) {
  /** More than that is left out, field by field. */
  public static final int MOST = 64 * 1024;
}
