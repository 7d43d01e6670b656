package dev.keg.linux.mount;

import dev.keg.linux.kernel.Fd;
import java.nio.file.Path;

/** A file or directory, and how far its path is trusted. */
public sealed interface FileLocation {
  /** The file that the path leads to. */
  static FileLocation at(Path path) {
    return new Anywhere(path);
  }

  /**
   * The file that this link-free path leads to; a link that appeared meanwhile fails with ELOOP.
   */
  static FileLocation exactly(Path path) {
    return new Exactly(path);
  }

  /** The file that the path leads to below the root; a link out of the root fails with EXDEV. */
  static FileLocation beneath(Path root, String path) {
    return new Beneath(root, path);
  }

  /** An open file; it stays open. */
  static FileLocation open(Fd fd) {
    return new Open(fd);
  }

  /** A path that nobody else changes. */
  record Anywhere(Path path) implements FileLocation {}

  /** A path that was found to contain no links. */
  record Exactly(Path path) implements FileLocation {}

  /** A path that somebody else may change, such as one in a volume. */
  record Beneath(Path root, String path) implements FileLocation {}

  /** An open file. */
  record Open(Fd fd) implements FileLocation {}
}
