package dev.keg.driver;

import dev.keg.volume.Size;
import java.nio.file.Path;

/** What takes up the room that a volume takes. */
public sealed interface Footprint {
  /** The files in a directory. */
  record Tree(Path directory) implements Footprint {}

  /** A file with a file system or a disk that cannot be looked into now: its blocks. */
  record Image(Size allocated) implements Footprint {}
}
