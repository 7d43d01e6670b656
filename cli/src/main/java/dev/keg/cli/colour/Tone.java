package dev.keg.cli.colour;

import java.util.function.BooleanSupplier;

/** What a colour says. The codes are ECMA-48's, of the colours that every terminal has. */
public enum Tone {
  BAD('\u0001', "\033[1;31m"),
  WARNING('\u0002', "\033[1;33m"),
  HINT('\u0003', "\033[1;36m");

  private static final String END = "\033[0m";
  private static final char END_MARK = '\u0010';

  /**
   * Begins a marked text whose columns are not set yet: a control character, since these take no
   * room. Text of others has none, see {@link dev.keg.cli.output.table.VisibleText}.
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

  /** The text with marks around it, which {@link #show} replaces. */
  public String mark(String text) {
    return mark + text + END_MARK;
  }

  /**
   * A text whose marks have become colours, or nothing.
   *
   * @param coloured asked only if there are marks
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
