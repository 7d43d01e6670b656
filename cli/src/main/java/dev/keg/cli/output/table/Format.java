package dev.keg.cli.output.table;

/** How to show rows: the combination of {@code --format} and {@code --quiet}. */
public sealed interface Format {
  /** The default columns with headers. */
  record Table() implements Format {}

  /** One name per line. */
  record Names() implements Format {}

  /** One object per line, with all values as text: docker's. */
  record Json() implements Format {}

  /** One object per line, with numbers, times and lists as such. */
  record Document() implements Format {}

  /** {@code field: value} lines, and an empty line after each row unless it is a single line. */
  record Raw(boolean quiet) implements Format {}

  /** The user's own columns with headers. */
  record TemplateTable(String template) implements Format {}

  /** The output of the template for each row. */
  record TemplateLines(String template) implements Format {}

  /** Docker's rules; quiet applies only to table and raw. No format means the table. */
  static Format of(String text, boolean quiet) {
    return switch (text) {
      case "", "table" -> quiet ? new Names() : new Table();
      case "json" -> new Json();
      case "raw" -> new Raw(quiet);
      default ->
          // Only a test of the first letters: "tablexyz" is a table of "xyz".
          text.startsWith("table")
              ? new TemplateTable(template(text.substring("table".length())))
              : new TemplateLines(template(text));
    };
  }

  /**
   * The template without surrounding spaces, and with tabs and line breaks for {@code \t} and
   * {@code \n}.
   */
  private static String template(String text) {
    return trimmed(text).replace("\\t", "\t").replace("\\n", "\n");
  }

  // Only spaces: a tab at either end is a column.
  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) == ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(start, end);
  }
}
