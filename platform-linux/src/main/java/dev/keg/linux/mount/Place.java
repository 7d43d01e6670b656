package dev.keg.linux.mount;

import dev.keg.linux.kernel.Fd;
import java.nio.file.Path;

/** A file or directory, and how much of its path is trusted. */
public sealed interface Place {
  /** Wherever the path leads. */
  static Place at(Path path) {
    return new Anywhere(path);
  }

  /** Where this path without links leads; one that was put into it meanwhile is ELOOP. */
  static Place exactly(Path path) {
    return new Exactly(path);
  }

  /** Where the path leads in the root; a link that leads out of the root is EXDEV. */
  static Place beneath(Path root, String path) {
    return new Beneath(root, path);
  }

  /** What is open already; it stays open. */
  static Place open(Fd fd) {
    return new Open(fd);
  }

  /** A path that nobody else changes. */
  record Anywhere(Path path) implements Place {}

  /** A path that was found to be free of links. */
  record Exactly(Path path) implements Place {}

  /** A path that somebody else may be changing, such as one in a volume. */
  record Beneath(Path root, String path) implements Place {}

  /** Where something is open. */
  record Open(Fd fd) implements Place {}
}
