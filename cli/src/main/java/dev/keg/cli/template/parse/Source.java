package dev.keg.cli.template.parse;

import dev.keg.cli.template.GoText;

/** The text of a template, and the notation of positions in Go's messages. */
public record Source(String text) {
  int line(int position) {
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  /** Line and column; Go counts columns in bytes and from 0. */
  public String location(int position) {
    int lineStart = text.lastIndexOf('\n', position - 1) + 1;
    int column = GoText.length(text.substring(lineStart, position));
    return ":" + line(position) + ":" + column;
  }
}
