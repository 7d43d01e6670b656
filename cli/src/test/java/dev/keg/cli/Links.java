package dev.keg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The links of a Markdown page, as GitHub resolves them. */
final class Links {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)]+)\\)");

  private Links() {}

  static void check(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher link = LINK.matcher(Files.readString(page).replaceAll("(?ms)^```.*?^```", ""));
    while (link.find()) {
      String[] parts = link.group(1).split("#", 2);
      if (link.group(1).matches("[a-z]+:.*")) {
        continue;
      }
      Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
      if (Files.notExists(target) || (parts.length > 1 && !anchors(target).contains(parts[1]))) {
        broken.add(link.group());
      }
    }
    if (!broken.isEmpty()) {
      throw new AssertionError(page + " links to what is not there: " + broken);
    }
  }

  private static List<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .toList();
  }
}
