package dev.keg.volumeset;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a target really is.
 *
 * @param path absolute and without links, as the mount table will have it
 * @param missing what of the path is not there, the outermost first; ends with the path itself
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
