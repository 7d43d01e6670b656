package dev.keg.cli.output.table;

/** How rows are shown: what {@code --format} and {@code --quiet} ask for together. */
public sealed interface Format {
  /** The usual columns under their headers. */
  record Table() implements Format {}

  /** One name a line. */
  record Names() implements Format {}

  /** One object a line, all values as text: docker's. */
  record Json() implements Format {}

  /** One object a line, with numbers, times and lists as such. */
  record Document() implements Format {}

  /** {@code field: value} lines, and an empty line behind each row unless it is one line. */
  record Raw(boolean quiet) implements Format {}

  /** Columns of the user's own under their headers. */
  record TemplateTable(String template) implements Format {}

  /** Whatever the template makes of each row. */
  record TemplateLines(String template) implements Format {}

  /** Docker's rules; quiet counts for the table and for raw only. No format is the table. */
  static Format of(String text, boolean quiet) {
    return switch (text) {
      case "", "table" -> quiet ? new Names() : new Table();
      case "json" -> new Json();
      case "raw" -> new Raw(quiet);
      default ->
          // A test of the first letters only: "tablexyz" is a table of "xyz".
          text.startsWith("table")
              ? new TemplateTable(template(text.substring("table".length())))
              : new TemplateLines(template(text));
    };
  }

  /** Without spaces around it, and with tabs and lines for {@code \t} and {@code \n}. */
  private static String template(String text) {
    return trimmed(text).replace("\\t", "\t").replace("\\n", "\n");
  }

  // Spaces alone; a tab at an end is a column.
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
