package dev.keg.backup.archive;

import dev.keg.tree.TreePath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Excludes paths by patterns: {@code *} and {@code ?} match anything but a slash, {@code **}
 * anything. A pattern without a slash matches a name at any level, one with a slash the path from
 * the volume's root. Everything below an excluded directory is excluded.
 */
public record Exclusions(List<Pattern> patterns) implements Predicate<TreePath> {
  public Exclusions {
    patterns = List.copyOf(patterns);
  }

  public static Exclusions of(List<String> texts) {
    return new Exclusions(texts.stream().map(Exclusions::pattern).toList());
  }

  private static Pattern pattern(String text) {
    String glob = text.replaceAll("/+$", "");
    StringBuilder regex = new StringBuilder(glob.contains("/") ? "" : "(?:.*/)?");
    String rooted = glob.startsWith("/") ? glob.substring(1) : glob;
    for (int i = 0; i < rooted.length(); i++) {
      if (rooted.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else {
        char c = rooted.charAt(i);
        regex.append(
            switch (c) {
              case '*' -> "[^/]*";
              case '?' -> "[^/]";
              default -> Pattern.quote(String.valueOf(c));
            });
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Compares names that are not UTF-8 byte by byte. */
  @Override
  public boolean test(TreePath path) {
    if (path.isRoot() || patterns.isEmpty()) {
      return false;
    }
    String text = new String(path.bytes().toArray(), StandardCharsets.UTF_8);
    return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
  }
}
