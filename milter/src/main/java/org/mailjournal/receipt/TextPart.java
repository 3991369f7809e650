package org.mailjournal.receipt;

import java.util.List;

/** What a receipt shows, as plain text in lines of at most 72 columns where words allow it. */
final class TextPart {
  private static final int COLUMNS = 72;
  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder(2048);
  private final View view;

  private TextPart(View view) {
    this.view = view;
  }

  /** The text, with CRLF. */
  static String of(View view) {
    TextPart part = new TextPart(view);
    part.top();
    part.rows();
    part.notes();
    part.details();
    part.footer();
    return part.text.toString();
  }

  private void top() {
    wrap("", "", view.headline());
    line("-".repeat(Math.min(COLUMNS, width(view.headline()))));
    view.subject().ifPresent(subject -> wrap("", "", subject));
    line("");
    wrap("", "", view.lead());
  }

  private void rows() {
    heading(view.texts().say("recipients"));
    int labels = view.rows().stream().mapToInt(row -> width(row.label())).max().orElse(0);
    String under = INDENT + " ".repeat(labels + 2);
    boolean first = true;
    for (View.Row row : view.rows()) {
      if (!first) {
        line("");
      }
      first = false;
      wrap("", INDENT, row.address());
      row.original().ifPresent(original -> wrap(INDENT, INDENT, "(" + original + ")"));
      wrap(INDENT + padded(row.label(), labels + 2), under, sentence(row));
      row.words().ifPresent(w -> wrap(under, under, w.text()));
      row.attempts().ifPresent(attempts -> wrap(under, under, attempts));
    }
    view.others()
        .ifPresent(
            others -> {
              line("");
              wrap("", "", others);
            });
  }

  private String sentence(View.Row row) {
    return row.words()
        .map(
            words ->
                view.texts()
                    .say(
                        words.far() ? "words.remote.joined" : "words.local.joined",
                        row.sentence(),
                        words.whose()))
        .orElse(row.sentence());
  }

  private void notes() {
    heading(view.texts().say("notes"));
    view.notes().forEach(note -> wrap("- ", "  ", note));
  }

  private void details() {
    heading(view.texts().say("message"));
    List<View.Detail> details = view.details();
    int names = details.stream().mapToInt(detail -> width(name(detail))).max().orElse(0);
    String under = " ".repeat(names + 1);
    details.forEach(detail -> wrap(padded(name(detail), names + 1), under, detail.value()));
  }

  private String name(View.Detail detail) {
    return view.texts().say("detail.line", detail.name());
  }

  private void footer() {
    line("");
    // The mark before a signature (RFC 3676 section 4.3) would hide it; a rule does not.
    line("-".repeat(COLUMNS));
    view.footer().forEach(paragraph -> wrap("", "", paragraph));
  }

  private void heading(String words) {
    line("");
    line(words);
    line("-".repeat(Math.min(COLUMNS, width(words))));
  }

  private void line(String line) {
    text.append(line).append("\r\n");
  }

  /** The words with a first and further beginnings of lines; a long word stays in one piece. */
  private void wrap(String first, String further, String words) {
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : words.split(" ", -1)) {
      if (!empty && width(line) + 1 + width(word) > COLUMNS) {
        line(line.toString().stripTrailing());
        line.setLength(0);
        line.append(further);
        empty = true;
      }
      if (!empty) {
        line.append(' ');
      }
      line.append(word);
      empty = false;
    }
    line(line.toString().stripTrailing());
  }

  private static String padded(String words, int width) {
    return words + " ".repeat(Math.max(0, width - width(words)));
  }

  /** Columns, nearly: combining marks take none. */
  private static int width(CharSequence words) {
    return (int)
        words
            .codePoints()
            .filter(
                c ->
                    Character.getType(c) != Character.NON_SPACING_MARK
                        && Character.getType(c) != Character.ENCLOSING_MARK)
            .count();
  }
}
