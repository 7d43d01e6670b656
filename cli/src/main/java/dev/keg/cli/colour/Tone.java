package dev.keg.cli.colour;

import java.util.function.BooleanSupplier;

/** The meaning of a colour. The codes are ECMA-48's, for the colours that every terminal has. */
public enum Tone {
  BAD('\u0001', "\033[1;31m"),
  WARNING('\u0002', "\033[1;33m"),
  HINT('\u0003', "\033[1;36m");

  private static final String END = "\033[0m";
  private static final char END_MARK = '\u0010';

  /**
   * Begins a marked text in a table without aligned columns yet: a control character, since these
   * have no width. Foreign text contains none, see {@link dev.keg.cli.output.table.VisibleText}.
   */
  private final char mark;

  private final String code;

  Tone(char mark, String code) {
    this.mark = mark;
    this.code = code;
  }

  /** The text in this tone. */
  String paint(String text) {
    return code + text + END;
  }

  /** The text between marks, which {@link #show} replaces. */
  public String mark(String text) {
    return mark + text + END_MARK;
  }

  /**
   * Replaces the marks of a text by colours, or removes them.
   *
   * @param coloured called only if there are marks
   */
  public static String show(String marked, BooleanSupplier coloured) {
    if (marked.indexOf(END_MARK) < 0) {
      return marked;
    }
    boolean painted = coloured.getAsBoolean();
    String text = marked.replace(String.valueOf(END_MARK), painted ? END : "");
    for (Tone tone : values()) {
      text = text.replace(String.valueOf(tone.mark), painted ? tone.code : "");
    }
    return text;
  }
}
