package org.mailjournal.receipt;

import java.util.List;

/**
 * What a check of evidence came to, in sentences. They may quote what strangers wrote.
 *
 * @param verified whether all holds that was to be checked
 * @param signerKnown whether somebody whom the asker trusts vouches for the signer
 * @param shown what is shown, or what is wrong
 * @param outcomes what became of recipients, as it is attested; a line each
 * @param notShown what nobody should take for shown
 */
public record Verdict(
    boolean verified,
    boolean signerKnown,
    List<String> shown,
    List<String> outcomes,
    List<String> notShown) {
  public Verdict {
    shown = List.copyOf(shown);
    outcomes = List.copyOf(outcomes);
    notShown = List.copyOf(notShown);
  }

  static Verdict refused(List<String> shown) {
    return new Verdict(false, false, shown, List.of(), List.of());
  }
}
