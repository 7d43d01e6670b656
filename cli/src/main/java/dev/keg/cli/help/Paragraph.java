package dev.keg.cli.help;

/** Text wrapped to a width. */
final class Paragraph {
  /** A narrower column is not useful. */
  private static final int NARROWEST = 24;

  private final StringBuilder out;
  private final int width;

  Paragraph(StringBuilder out, int width) {
    this.out = out;
    this.width = width;
  }

  /** Appends the text; the cursor is already at the indent, and later lines start there. */
  void append(String text, int indent) {
    int room = Math.max(NARROWEST, width - indent);
    int used = 0;
    for (String word : text.split(" ", -1)) {
      if (used > 0 && used + 1 + word.length() > room) {
        out.append('\n').repeat(' ', indent);
        used = 0;
      }
      out.append(used > 0 ? " " : "").append(word);
      used += word.length() + (used > 0 ? 1 : 0);
    }
    out.append('\n');
  }
}
