package dev.keg.render.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The programs that read documents, in a directory, and names that are hard to read. */
public record Readers(Path directory) {
  /** Runs a script that must not print errors, and returns its output. */
  String output(String script) throws IOException, InterruptedException {
    Outcome outcome = sh("set -e\ncd " + quoted(directory.toString()) + "\n" + script);
    assertThat(outcome.exit()).as(outcome.errors() + outcome.output()).isZero();
    assertThat(outcome.errors()).isEmpty();
    return outcome.output();
  }

  // As a file, so that names do not depend on the locale in which Java passes arguments.
  private Outcome sh(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("script"), script);
    return new ProcessRunner(
            List.of("sh", file.toString()),
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8"),
            Duration.ofMinutes(1))
        .run(Invocation.of());
  }

  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** A thousand paths of all characters that some format escapes. */
  static List<String> paths() {
    int[] alphabet = "ab./-_:\\ #%\"',$*[]{}&|<>!`~@=+^;()?xä€😀".codePoints().toArray();
    Random random = new Random(5);
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      StringBuilder path = new StringBuilder("/p");
      for (int j = random.nextInt(12); j >= 0; j--) {
        path.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
      }
      // As the grammar returns them: without redundant dots and slashes.
      if (!path.toString().matches(".*(//|/\\.|/$).*")) {
        paths.add(path.toString());
      }
    }
    return paths;
  }

  /** The values of all fields with that name, in order. */
  static List<String> strings(String json, String field) throws IOException {
    List<String> values = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.FIELD_NAME && parser.currentName().equals(field)) {
          values.add(parser.nextTextValue());
        }
      }
    }
    return values;
  }
}
