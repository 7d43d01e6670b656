package dev.keg.windows.win32;

import java.nio.file.Path;
import java.util.UUID;

/** The one volume of a {@link FakeDisk}; what is on it is kept in a directory. */
final class FakeVolume {
  static final String RAW = "RAW";

  final String path = "\\\\?\\Volume{" + UUID.randomUUID() + "}\\";
  final Path content;
  final long start;
  long length;
  String fileSystem = RAW;
  long fileSystemLength;
  boolean busy;

  FakeVolume(Path content, long start, long length) {
    this.content = content;
    this.start = start;
    this.length = length;
  }
}
