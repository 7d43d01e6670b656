package dev.keg.cli;

import dev.keg.cli.session.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs every command in one process, so that the AOT cache that Java creates from it holds what
 * commands need. The build runs it through the launcher, with a root of its own.
 */
final class Training {
  private Training() {}

  public static void main(String[] args) throws IOException {
    Main.prepare();
    Environment process = Environment.ofProcess();
    Path repository = Files.createDirectories(Path.of(args[0], "repository"));
    Environment training =
        new Environment(
            Map.of(
                "KEG_ROOT",
                args[0] + "/root",
                "HOME",
                args[0],
                "KEG_REPOSITORY",
                repository.toString(),
                "TMPDIR",
                args[0]),
            process.files(),
            process.clock(),
            process.random(),
            process.streams(),
            process.system());
    for (Line line : lines()) {
      Main.run(training, line.words().toArray(String[]::new));
    }
  }

  /**
   * The command lines to run, in order: {@code training.txt}, one per line. Single spaces separate
   * words, so a template uses tabs; lines that must fail begin with !.
   */
  static List<Line> lines() throws IOException {
    try (InputStream in = Training.class.getResourceAsStream("training.txt")) {
      if (in == null) {
        throw new IOException("there is no training.txt");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> List.of(line.split(" ", -1)))
          .map(Line::of)
          .toList();
    }
  }

  record Line(List<String> words, boolean fails) {
    static Line of(List<String> words) {
      boolean fails = words.getFirst().equals("!");
      return new Line(fails ? words.subList(1, words.size()) : words, fails);
    }
  }
}
