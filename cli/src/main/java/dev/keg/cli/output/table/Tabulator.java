package dev.keg.cli.output.table;

import java.util.Arrays;

/**
 * Elastic tabstops, like docker's copy of Go's {@code tabwriter}: a tab ends a cell, and cells of
 * the same column in adjacent lines are as wide as the widest. A form feed ends the line and every
 * column.
 */
public final class Tabulator {
  /** Includes the padding. */
  private static final int MIN_WIDTH = 10;

  private static final int PADDING = 3;

  private final String text;

  /** The end of each cell, including a line's last one, which no tab ends. */
  private int[] ends = new int[64];

  private int[] widths = new int[64];
  private int cells;

  /** The first cell of each line, followed by the first of the line that would follow. */
  private int[] lines = new int[64];

  private int lineCount;

  private Tabulator(String text) {
    this.text = text;
  }

  /** Appends the text, which ends with a line break, with spaces instead of tabs. */
  static void append(StringBuilder out, String text) {
    int from = 0;
    for (int end = text.indexOf('\f'); end >= 0; end = text.indexOf('\f', from)) {
      new Tabulator(text.substring(from, end + 1)).append(out);
      from = end + 1;
    }
    new Tabulator(text.substring(from)).append(out);
  }

  private void append(StringBuilder out) {
    split();
    align();
    write(out);
  }

  private void split() {
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\t', '\u000B' -> {
          addCell(start, i);
          start = i + 1;
        }
        case '\n', '\f' -> {
          addCell(start, i);
          start = i + 1;
          addLine();
        }
        default -> {}
      }
    }
  }

  private void addCell(int from, int to) {
    if (cells == ends.length) {
      ends = Arrays.copyOf(ends, 2 * cells);
      widths = Arrays.copyOf(widths, 2 * cells);
    }
    ends[cells] = to;
    widths[cells] = TextWidth.of(text, from, to);
    cells++;
  }

  private void addLine() {
    lineCount++;
    if (lineCount == lines.length) {
      lines = Arrays.copyOf(lines, 2 * lineCount);
    }
    lines[lineCount] = cells;
  }

  /** Gives the cells of a column the same width, in each run of lines with the column. */
  private void align() {
    boolean found = true;
    for (int column = 0; found; column++) {
      found = false;
      int line = 0;
      while (line < lineCount) {
        int end = line;
        int width = MIN_WIDTH;
        while (end < lineCount && hasColumn(end, column)) {
          width = Math.max(width, widths[lines[end] + column] + PADDING);
          end++;
        }
        for (int i = line; i < end; i++) {
          int cell = lines[i] + column;
          widths[cell] = width - widths[cell];
        }
        found |= end > line;
        line = Math.max(end, line + 1);
      }
    }
  }

  // The last cell of a line belongs to no column.
  private boolean hasColumn(int line, int column) {
    return lines[line + 1] - lines[line] - 1 > column;
  }

  /**
   * By now, the width of a cell is the missing padding; for a line's last cell it does not matter.
   */
  private void write(StringBuilder out) {
    int start = 0;
    for (int line = 0; line < lineCount; line++) {
      int last = lines[line + 1] - 1;
      for (int cell = lines[line]; cell < last; cell++) {
        out.append(text, start, ends[cell]).repeat(' ', widths[cell]);
        start = ends[cell] + 1;
      }
      out.append(text, start, ends[last]).append('\n');
      start = ends[last] + 1;
    }
  }
}
