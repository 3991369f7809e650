package org.mailjournal.session;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Asked;

/**
 * What the NOTIFY and ORCPT parameters of a RCPT say (RFC 3461 sections 4.1 and 4.2).
 *
 * <p>On Postfix a command filter of ours adds SUCCESS to every NOTIFY, so that the pass tap hears
 * of success. Postfix takes the words of NOTIFY in any case and hands them on as written, so the
 * case carries what the sender himself asked for. What arrives is one of
 *
 * <ul>
 *   <li>{@code sUCCESS,FAILURE,dELAY}: he asked for nothing;
 *   <li>{@code sUCCESS}: he asked for NEVER;
 *   <li>a list with the word {@code SUCCESS} in upper case: he asked for exactly that list (the
 *       filter writes his SUCCESS, in whatever case it came, in upper case: nobody passes for us);
 *   <li>any other list and {@code ,sUCCESS} behind it: he asked for that list.
 * </ul>
 *
 * @param asked what the sender asked for, before our mark
 * @param marked whether SUCCESS is among what the MTA was told, by him or by us
 */
record Mark(Asked asked, boolean marked, Optional<String> orcpt) {
  private static final String NOTIFY = "NOTIFY=";
  private static final String ORCPT = "ORCPT=";
  private static final String OURS = "sUCCESS";
  private static final String DEFAULT = "sUCCESS,FAILURE,dELAY";
  private static final String BEHIND = "," + OURS;

  /** No parameters: by default, and not marked. */
  static final Mark NONE = new Mark(Asked.DEFAULT, false, Optional.empty());

  /** The mark of a recipient that the filter saw and whose sender asked for nothing. */
  private static final Mark PLAIN = new Mark(Asked.DEFAULT, true, Optional.empty());

  /**
   * Reads a recipient's parameters.
   *
   * @param tap whether the MTA is one whose successes the mark makes known; elsewhere the words are
   *     the sender's own
   */
  static Mark of(List<String> parameters, boolean tap) {
    Optional<String> notify = value(parameters, NOTIFY);
    Optional<String> orcpt = value(parameters, ORCPT);
    if (notify.isEmpty()) {
      return orcpt.isEmpty() ? NONE : new Mark(Asked.DEFAULT, false, orcpt);
    }
    String words = notify.get();
    if (!tap) {
      return new Mark(words(words), false, orcpt);
    }
    if (words.equals(DEFAULT)) {
      return orcpt.isEmpty() ? PLAIN : new Mark(Asked.DEFAULT, true, orcpt);
    }
    if (words.equals(OURS)) {
      return new Mark(Asked.NEVER, true, orcpt);
    }
    if (words.endsWith(BEHIND)) {
      return new Mark(words(words.substring(0, words.length() - BEHIND.length())), true, orcpt);
    }
    Asked asked = words(words);
    return new Mark(asked, asked.success(), orcpt);
  }

  private static Optional<String> value(List<String> parameters, String keyword) {
    for (String parameter : parameters) {
      if (parameter.regionMatches(true, 0, keyword, 0, keyword.length())) {
        return Optional.of(parameter.substring(keyword.length()));
      }
    }
    return Optional.empty();
  }

  /** MTAs refuse a NOTIFY with other words; if one comes all the same, the known ones count. */
  private static Asked words(String list) {
    Set<Asked.Notice> notices = EnumSet.noneOf(Asked.Notice.class);
    for (String word : list.split(",", -1)) {
      for (Asked.Notice notice : Asked.Notice.values()) {
        if (notice.name().equals(word.strip().toUpperCase(Locale.ROOT))) {
          notices.add(notice);
        }
      }
    }
    return notices.isEmpty() && !list.equalsIgnoreCase("NEVER") ? Asked.DEFAULT : Asked.of(notices);
  }
}
