package dev.keg.registry;

import dev.keg.error.InvalidInput.InvalidName;
import dev.keg.file.DirectorySync;
import dev.keg.volume.VolumeName;
import dev.keg.volume.WindowsNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The names that files of a root can have, which depends on its file system.
 *
 * @param notice hears of a name that only Windows cannot have, if it may read the root as well
 */
public record UsableNames(Path root, DirectorySync sync, Consumer<String> notice) {
  void require(String operation, VolumeName name) {
    whyUnusable("volume", name.text())
        .ifPresent(
            why -> {
              throw new InvalidName(operation, name.text(), why);
            });
  }

  /** Why a file of the root cannot have this name; empty if it can. */
  public Optional<String> whyUnusable(String kind, String name) {
    Optional<String> here = sync.whyUnusable(name);
    if (here.isEmpty()) {
      WindowsNames.whyUnusable(name)
          .filter(_ -> isSharedWithWindows())
          .ifPresent(
              why -> notice.accept("Windows cannot use %s %s: %s".formatted(kind, name, why)));
    }
    return here;
  }

  private boolean isSharedWithWindows() {
    try {
      return sync.isSharedWithWindows(root);
    } catch (IOException _) {
      return false; // A chroot may not show what it lies on, and this is about a warning only.
    }
  }
}
