package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The first record of a comma-separated text (RFC 4180), as Go's {@code encoding/csv} reads it:
 *
 * <pre>type=volume,"volume-opt=o=addr=1.2.3.4,vers=4"</pre>
 *
 * Quotes enclose a whole field; a doubled quote inside is a literal one.
 */
final class CsvRecord {
  private static final String BARE_QUOTE = "bare \" in non-quoted-field";
  private static final String BAD_QUOTE = "extraneous or missing \" in quoted-field";

  private final String text;
  private final List<String> fields = new ArrayList<>();
  private int line = 1;
  private int lineStart;
  private int at;
  private int firstLine;

  private CsvRecord(String text) {
    this.text = text.replace("\r\n", "\n");
  }

  /** The fields; none if the text has only empty lines. */
  static List<String> read(String text) {
    CsvRecord record = new CsvRecord(text);
    record.skipEmptyLines();
    record.firstLine = record.line;
    if (record.at < record.text.length()) {
      record.readFields();
    }
    return List.copyOf(record.fields);
  }

  private void skipEmptyLines() {
    while (text.startsWith("\n", at)) {
      nextLine();
    }
  }

  private void nextLine() {
    at++;
    line++;
    lineStart = at;
  }

  private void readFields() {
    boolean more = true;
    while (more) {
      if (text.startsWith("\"", at)) {
        at++;
        readQuoted();
      } else {
        readPlain();
      }
      more = text.startsWith(",", at);
      at++;
    }
  }

  private void readPlain() {
    int start = at;
    while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
      if (text.charAt(at) == '"') {
        throw error(at, BARE_QUOTE);
      }
      at++;
    }
    fields.add(text.substring(start, at));
  }

  private void readQuoted() {
    StringBuilder field = new StringBuilder();
    while (true) {
      if (at == text.length()) {
        throw error(at, BAD_QUOTE);
      }
      char c = text.charAt(at);
      if (c == '\n') {
        field.append(c);
        nextLine();
      } else if (c != '"') {
        field.append(c);
        at++;
      } else if (text.startsWith("\"\"", at)) {
        field.append('"');
        at += 2;
      } else {
        at++;
        endQuoted();
        fields.add(field.toString());
        return;
      }
    }
  }

  private void endQuoted() {
    if (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
      throw error(at - 1, BAD_QUOTE);
    }
  }

  // Go counts columns in bytes, from 1.
  private InvalidSpec error(int where, String what) {
    int column = 1 + text.substring(lineStart, where).getBytes(StandardCharsets.UTF_8).length;
    String position = "parse error on line %d, column %d: %s".formatted(line, column, what);
    return new InvalidSpec(
        line == firstLine ? position : "record on line " + firstLine + "; " + position);
  }
}
