package dev.keg.cli.help;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a command's help that its model lacks: its page of the documentation, examples, its
 * own exit statuses, and further topics. From a file:
 *
 * <pre>
 * [inspect]
 * page first-steps
 * $ keg inspect db
 *   Show all that is known of db
 * exit 64 the template cannot be parsed
 * topic templates
 * </pre>
 */
public record Guide(
    String page, List<Example> examples, Map<Integer, String> statuses, List<String> topics) {
  /** A command line and its meaning. */
  public record Example(String line, String meaning) {}

  private static final Guide NONE = new Guide("reference", List.of(), Map.of(), List.of());

  public Guide {
    examples = List.copyOf(examples);
    topics = List.copyOf(topics);
  }

  /** The guide to a command; an empty one if it has none. */
  public static Guide to(String command) {
    List<String> lines =
        HelpFile.read(Guide.class.getResourceAsStream("commands.txt")).lines().toList();
    int start = lines.indexOf("[" + command + "]");
    return start < 0 ? NONE : parse(lines.subList(start + 1, lines.size()));
  }

  private static Guide parse(List<String> lines) {
    String page = NONE.page();
    List<Example> examples = new ArrayList<>();
    Map<Integer, String> statuses = new LinkedHashMap<>();
    List<String> topics = new ArrayList<>();
    for (int i = 0; i < lines.size() && !lines.get(i).startsWith("["); i++) {
      String line = lines.get(i);
      if (line.startsWith("page ")) {
        page = line.substring("page ".length());
      } else if (line.startsWith("$ ")) {
        examples.add(new Example(line.substring(2), lines.get(i + 1).strip()));
      } else if (line.startsWith("exit ")) {
        String[] words = line.split(" ", 3);
        statuses.put(Integer.valueOf(words[1]), words[2]);
      } else if (line.startsWith("topic ")) {
        topics.add(line.substring("topic ".length()));
      }
    }
    return new Guide(page, examples, statuses, topics);
  }
}
