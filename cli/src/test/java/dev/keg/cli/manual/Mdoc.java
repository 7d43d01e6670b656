package dev.keg.cli.manual;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes blocks in the language of mdoc(7): one sentence a line, and no line above 80 bytes. */
final class Mdoc {
  private static final int WIDTH = 78;

  private static final Pattern INLINE =
      Pattern.compile(
          "`([^`]+)`|\\[([^\\]]+)]\\([^)]+\\)|\\*\\*([^*]+)\\*\\*|\\*([^*\\s][^*]*)\\*");

  private static final Pattern SENTENCE_END =
      Pattern.compile("(?<=[a-z0-9)`\"][.!?])(?<!e\\.g\\.) (?=[^a-z])");

  private final StringBuilder out = new StringBuilder();

  /** A line with a macro. */
  Mdoc macro(String line) {
    out.append('.').append(line).append('\n');
    return this;
  }

  /** A line that is already in mdoc. */
  Mdoc raw(String line) {
    out.append(line).append('\n');
    return this;
  }

  Mdoc section(String title) {
    return macro("Sh " + escaped(title.toUpperCase(Locale.ROOT)));
  }

  /** Writes blocks in order; the first needs no space before it. */
  Mdoc blocks(List<Block> blocks) {
    boolean spaced = false;
    for (Block block : blocks) {
      switch (block) {
        case Block.Heading heading -> {
          macro((heading.level() == 2 ? "Sh " : "Ss ") + title(heading));
          spaced = false;
          continue;
        }
        case Block.Paragraph paragraph -> {
          if (spaced) {
            macro("Pp");
          }
          text(paragraph.text());
        }
        case Block.Literal literal -> literal(literal.lines());
        case Block.Bullets bullets -> bullets(bullets);
        case Block.Table table -> table(table.rows());
      }
      spaced = true;
    }
    return this;
  }

  private static String title(Block.Heading heading) {
    String text = escaped(heading.text());
    return heading.level() == 2 ? text.toUpperCase(Locale.ROOT) : text;
  }

  /** Writes each sentence on a new line. */
  Mdoc text(String text) {
    for (String sentence : SENTENCE_END.split(text, -1)) {
      wrap(inline(sentence));
    }
    return this;
  }

  /** The same for text that is not Markdown. */
  Mdoc plain(String text) {
    for (String sentence : SENTENCE_END.split(text, -1)) {
      wrap(escaped(sentence));
    }
    return this;
  }

  private void wrap(String sentence) {
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        raw(safe(line.toString()));
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    raw(safe(line.toString()));
  }

  // A dot or a quote at the beginning would make the line a macro.
  private static String safe(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  Mdoc literal(List<String> lines) {
    macro("Bd -literal -offset indent");
    lines.forEach(line -> raw(safe(code(line))));
    return macro("Ed");
  }

  private void bullets(Block.Bullets bullets) {
    macro(bullets.numbered() ? "Bl -enum" : "Bl -bullet");
    for (String item : bullets.items()) {
      macro("It");
      text(item);
    }
    macro("El");
  }

  /** Two columns become a list of terms; with more, each row names the column of each cell. */
  private void table(List<List<String>> rows) {
    List<String> header = rows.getFirst();
    macro("Bl -tag -width Ds");
    for (List<String> row : rows.subList(1, rows.size())) {
      item(row.getFirst());
      for (int i = 1; i < row.size(); i++) {
        if (!row.get(i).isEmpty()) {
          if (i > 1) {
            macro("br");
          }
          text(
              header.size() > 2 && !header.get(i).isEmpty()
                  ? header.get(i) + ": " + row.get(i)
                  : row.get(i));
        }
      }
    }
    macro("El");
  }

  private void item(String term) {
    macro("It Xo");
    wrap(inline(term));
    macro("Xc");
  }

  /** Code becomes bold, emphasis italic, a link its text. */
  static String inline(String text) {
    StringBuilder result = new StringBuilder();
    Matcher part = INLINE.matcher(text);
    int end = 0;
    while (part.find()) {
      result.append(escaped(text.substring(end, part.start())));
      if (part.group(1) != null) {
        result.append("\\fB").append(code(part.group(1))).append("\\fP");
      } else if (part.group(2) != null) {
        result.append(inline(part.group(2)));
      } else if (part.group(3) != null) {
        result.append("\\fB").append(inline(part.group(3))).append("\\fP");
      } else {
        result.append("\\fI").append(inline(part.group(4))).append("\\fP");
      }
      end = part.end();
    }
    return result.append(escaped(text.substring(end))).toString();
  }

  /** For input to be typed: a hyphen becomes a minus sign. */
  static String code(String text) {
    return escaped(text)
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replace("`", "\\(ga")
        .replace("^", "\\(ha")
        .replace("~", "\\(ti");
  }

  private static String escaped(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\\') {
                result.append("\\e");
              } else if (c < 0x80) {
                result.appendCodePoint(c);
              } else {
                result.append("\\[u%04X]".formatted(c));
              }
            });
    return result.toString();
  }

  String page() {
    return out.toString();
  }
}
