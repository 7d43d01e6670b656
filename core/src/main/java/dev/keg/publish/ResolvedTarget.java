package dev.keg.publish;

import java.nio.file.Path;
import java.util.List;

/**
 * The real path of a target.
 *
 * @param path absolute and without links, as in the mount table
 * @param missing the missing parts of the path, the outermost first; ends with the path itself
 */
public record ResolvedTarget(Path path, List<Path> missing) {
  public ResolvedTarget {
    missing = List.copyOf(missing);
    if (!missing.isEmpty() && !missing.getLast().equals(path)) {
      throw new IllegalArgumentException("what is missing ends with the site: " + missing);
    }
  }

  public boolean exists() {
    return missing.isEmpty();
  }
}
