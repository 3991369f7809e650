package org.mailjournal.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a receipt shows, as one HTML page that loads nothing. Each status is said in a word and a
 * sign as well as in a colour.
 */
final class HtmlPart {
  private final String style;

  HtmlPart() {
    this.style = read("receipt.css");
  }

  private static String read(String name) {
    try (InputStream stream = HtmlPart.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("receipt: " + name + " is missing from this program");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("receipt: " + name + " cannot be read", unreadable);
    }
  }

  /** The page, with CRLF. */
  String of(View view) {
    StringBuilder html = new StringBuilder(8192);
    head(html, view);
    top(html, view);
    rows(html, view);
    notes(html, view);
    details(html, view);
    footer(html, view);
    html.append("</main>\n</body>\n</html>\n");
    return html.toString().replace("\n", "\r\n");
  }

  private void head(StringBuilder html, View view) {
    html.append("<!DOCTYPE html>\n<html lang=\"")
        .append(view.texts().language())
        .append("\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
        .append("<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>")
        .append(escaped(view.headline()))
        .append("</title>\n<style>\n:root{color-scheme:light dark}\n")
        .append(style)
        .append("</style>\n</head>\n<body>\n<main>\n");
  }

  private static void top(StringBuilder html, View view) {
    html.append("<header class=\"").append(classOf(view.tone())).append("\">\n<h1>");
    sign(html, view.tone());
    html.append(escaped(view.headline())).append("</h1>\n");
    view.subject()
        .ifPresent(
            subject -> {
              html.append("<p class=\"subject\">");
              data(html, subject);
              html.append("</p>\n");
            });
    html.append("<p class=\"quiet\">").append(escaped(view.lead())).append("</p>\n</header>\n");
  }

  /** The roles say again what the elements are: a narrow screen shows them as blocks. */
  private static void rows(StringBuilder html, View view) {
    Texts texts = view.texts();
    html.append("<section>\n<table class=\"rows\" role=\"table\">\n<caption>")
        .append(escaped(texts.say("recipients")))
        .append("</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">")
        .append("<th class=\"who\" scope=\"col\" role=\"columnheader\">")
        .append(escaped(texts.say("column.recipient")))
        .append("</th><th scope=\"col\" role=\"columnheader\">")
        .append(escaped(texts.say("column.status")))
        .append("</th></tr></thead>\n<tbody role=\"rowgroup\">\n");
    view.rows().forEach(row -> row(html, row));
    html.append("</tbody>\n</table>\n");
    view.others()
        .ifPresent(
            others -> html.append("<p class=\"quiet\">").append(escaped(others)).append("</p>\n"));
    html.append("</section>\n");
  }

  private static void said(StringBuilder html, String text) {
    html.append("\n<span class=\"said\">").append(escaped(text)).append("</span>");
  }

  private static void row(StringBuilder html, View.Row row) {
    html.append("<tr role=\"row\" class=\"")
        .append(classOf(row.tone()))
        .append("\"><th scope=\"row\" role=\"rowheader\"><span class=\"address\">");
    data(html, row.address());
    html.append("</span>");
    row.original().ifPresent(original -> said(html, original));
    html.append("</th>\n<td role=\"cell\"><span class=\"label\">");
    sign(html, row.tone());
    html.append(escaped(row.label())).append("</span><br>").append(escaped(row.sentence()));
    row.words().ifPresent(words -> words(html, words));
    row.attempts().ifPresent(attempts -> said(html, attempts));
    html.append("</td></tr>\n");
  }

  private static void words(StringBuilder html, View.Words words) {
    said(html, words.whose());
    html.append(" <span class=\"words\">");
    data(html, words.text());
    html.append("</span>");
  }

  private static void notes(StringBuilder html, View view) {
    html.append("<section>\n<h2>").append(escaped(view.texts().say("notes"))).append("</h2>\n<ul>");
    view.notes().forEach(note -> html.append("\n<li>").append(escaped(note)).append("</li>"));
    html.append("\n</ul>\n</section>\n");
  }

  private static void details(StringBuilder html, View view) {
    html.append("<section>\n<table class=\"details\">\n<caption>")
        .append(escaped(view.texts().say("message")))
        .append("</caption>\n<tbody>\n");
    for (View.Detail detail : view.details()) {
      html.append("<tr><th class=\"what\" scope=\"row\">")
          .append(escaped(detail.name()))
          .append("</th>\n<td>");
      data(html, detail.value());
      html.append("</td></tr>\n");
    }
    html.append("</tbody>\n</table>\n</section>\n");
  }

  private static void footer(StringBuilder html, View view) {
    html.append("<footer>\n");
    view.footer().forEach(line -> html.append("<p>").append(escaped(line)).append("</p>\n"));
    html.append("</footer>\n");
  }

  private static String classOf(Summary.Tone tone) {
    return tone.name().toLowerCase(Locale.ROOT);
  }

  private static void sign(StringBuilder html, Summary.Tone tone) {
    String sign =
        switch (tone) {
          case GOOD -> "✓";
          case BAD -> "✕";
          case WAITING -> "…";
          case UNKNOWN -> "?";
        };
    html.append("<span aria-hidden=\"true\">").append(sign).append("&nbsp;</span>");
  }

  /** A stranger's text: its own direction, and none of its neighbours'. */
  private static void data(StringBuilder html, String text) {
    html.append("<bdi>").append(escaped(text)).append("</bdi>");
  }

  private static String escaped(String text) {
    StringBuilder html = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#39;");
        default -> html.append(c);
      }
    }
    return html.toString();
  }
}
