package dev.keg.cli.manual;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Reads the blocks of a Markdown page. */
final class Markdown {
  private static final Pattern BULLET = Pattern.compile("(- |\\d+\\. ).*");
  private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");

  private final List<String> lines;
  private int at;

  private Markdown(List<String> lines) {
    this.lines = lines;
  }

  static List<Block> read(List<String> lines) {
    return new Markdown(lines).blocks();
  }

  private List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    while (at < lines.size()) {
      String line = lines.get(at);
      if (line.isBlank()) {
        at++;
      } else if (line.startsWith("#")) {
        blocks.add(heading(lines.get(at++)));
      } else if (line.startsWith("```")) {
        blocks.add(literal());
      } else if (line.startsWith("|")) {
        blocks.add(table());
      } else if (BULLET.matcher(line).matches()) {
        blocks.add(bullets());
      } else {
        blocks.add(new Block.Paragraph(String.join(" ", take(Markdown::isText))));
      }
    }
    return blocks;
  }

  private static Block heading(String line) {
    int level = line.indexOf(' ');
    return new Block.Heading(level, line.substring(level + 1));
  }

  private Block literal() {
    at++;
    List<String> inside = take(line -> !line.startsWith("```"));
    at++;
    return new Block.Literal(inside);
  }

  private Block table() {
    List<List<String>> rows = new ArrayList<>();
    for (String row : take(line -> line.startsWith("|"))) {
      if (!row.matches("[|:-]+")) {
        rows.add(
            Arrays.stream(CELL_END.split(row.substring(1), -1))
                .map(cell -> cell.strip().replaceAll("\\\\([|<*])", "$1"))
                .toList());
      }
    }
    return new Block.Table(rows.stream().map(row -> row.subList(0, row.size() - 1)).toList());
  }

  private Block bullets() {
    boolean numbered = !lines.get(at).startsWith("-");
    List<String> items = new ArrayList<>();
    while (at < lines.size() && BULLET.matcher(lines.get(at)).matches()) {
      String first = lines.get(at++);
      List<String> rest = take(Markdown::isText);
      String text = first.substring(first.indexOf(' ') + 1);
      items.add(
          rest.isEmpty()
              ? text
              : text + " " + String.join(" ", rest.stream().map(String::strip).toList()));
    }
    return new Block.Bullets(numbered, items);
  }

  private static boolean isText(String line) {
    return !line.isBlank()
        && !line.startsWith("```")
        && !line.startsWith("|")
        && !line.startsWith("#")
        && !BULLET.matcher(line).matches();
  }

  private List<String> take(Predicate<String> wanted) {
    List<String> taken = new ArrayList<>();
    while (at < lines.size() && wanted.test(lines.get(at))) {
      taken.add(lines.get(at++));
    }
    return taken;
  }
}
