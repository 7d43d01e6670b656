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
 * The valid file names in a root, which depend on its file system.
 *
 * @param notice receives names that only Windows does not support, if Windows may also read the
 *     root
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
      return false; // a chroot may hide its file system, and this only affects a warning
    }
  }
}
