package dev.keg.linux.kernel;

import java.nio.file.Path;

/** A file or directory, and how much of its path is to be trusted. */
public sealed interface Place {
  /** Wherever the path leads. */
  static Place at(Path path) {
    return new Exact(path);
  }

  /** Where the path leads if the root were {@code /}: no link leads out of the root. */
  static Place below(Path root, String path) {
    return new Below(root, path);
  }

  /** A path as it is. */
  record Exact(Path path) implements Place {}

  /** A path that somebody else may be changing, such as one in a container's root directory. */
  record Below(Path root, String path) implements Place {}
}
