package dev.keg.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The result of a format in docker 28.2.2. In a file, a case consists of two lines: {@code >
 * format}, or {@code q format} with {@code --quiet}; then {@code = output} without its last new
 * line, {@code ! message} (it failed), or {@code x message} (it could not be parsed). ⏎ is a new
 * line, ⇥ a tab, ‹7F› an invisible character.
 */
public record DockerCase(String format, boolean quiet, Result result, String text) {
  /** How it ended. */
  public enum Result {
    OUTPUT,
    FAILED,
    UNPARSABLE
  }

  private static final Pattern HIDDEN = Pattern.compile("‹(\\p{XDigit}+)›");

  /** The cases in a resource beside a class. */
  public static List<DockerCase> all(Class<?> beside, String resource) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(resource))) {
      return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<DockerCase> read(String file) {
    List<DockerCase> cases = new ArrayList<>();
    Iterator<String> lines = file.lines().filter(line -> !line.startsWith("# ")).iterator();
    while (lines.hasNext()) {
      String format = lines.next();
      String result = lines.next();
      boolean quiet = format.startsWith("q ");
      cases.add(new DockerCase(decoded(format), quiet, result(result.charAt(0)), decoded(result)));
    }
    return cases;
  }

  private static Result result(char mark) {
    return switch (mark) {
      case '=' -> Result.OUTPUT;
      case '!' -> Result.FAILED;
      case 'x' -> Result.UNPARSABLE;
      default -> throw new IllegalArgumentException("no result: " + mark);
    };
  }

  private static String decoded(String line) {
    String text = line.substring(2).replace('⏎', '\n').replace('⇥', '\t');
    return HIDDEN
        .matcher(text)
        .replaceAll(hidden -> Character.toString(Integer.parseInt(hidden.group(1), 16)));
  }

  /** The same format with another result. */
  public DockerCase ending(Result other, String otherText) {
    return new DockerCase(format, quiet, other, otherText);
  }

  /** The format, for the name of a test. */
  @Override
  public String toString() {
    return format;
  }
}
