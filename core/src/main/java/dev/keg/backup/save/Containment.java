package dev.keg.backup.save;

import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a place lies in a volume, by whatever names both go: links, and mounts of the volume. */
public final class Containment {
  private Containment() {}

  public static boolean holds(Path data, Path place) {
    return FileFailures.translate("look at", place, () -> isBelow(place.toAbsolutePath(), data));
  }

  private static boolean isBelow(Path place, Path data) throws IOException {
    Path there = place;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    for (Path at = there == null ? null : there.toRealPath(); at != null; at = at.getParent()) {
      if (Files.isSameFile(at, data)) {
        return true;
      }
    }
    return false;
  }
}
