package dev.keg.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs every command once in one process, so that the AOT cache made from it holds what commands
 * need. The launcher starts it when it builds, with a root of its own.
 */
final class Training {
  private Training() {}

  public static void main(String[] args) throws IOException {
    for (var line : lines()) {
      Main.run(Environment.ofProcess(), line.split(" "));
    }
  }

  private static List<String> lines() throws IOException {
    try (var in = Training.class.getResourceAsStream("training.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
