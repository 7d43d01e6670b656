package dev.keg.publish;

import java.nio.file.Path;
import java.util.List;

/**
 * The real path of a target.
 *
 * @param path absolute and without links, as in the mount table
 * @param missing the missing parts of the path, the outermost first; ends with the path itself
 * @param hidden whether it is in a container whose mounts nobody can see: then the mount table
 *     contains the path as long as the container runs
 */
public record ResolvedTarget(Path path, List<Path> missing, boolean hidden) {
  public ResolvedTarget {
    missing = List.copyOf(missing);
    if (!missing.isEmpty() && !missing.getLast().equals(path)) {
      throw new IllegalArgumentException("what is missing ends with the site: " + missing);
    }
  }

  public ResolvedTarget(Path path, List<Path> missing) {
    this(path, missing, false);
  }

  /** A place in a running container, which creates it if it is missing. */
  public static ResolvedTarget hiddenAt(Path path) {
    return new ResolvedTarget(path, List.of(), true);
  }

  public boolean exists() {
    return missing.isEmpty();
  }
}
