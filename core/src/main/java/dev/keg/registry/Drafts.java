package dev.keg.registry;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Names for what is unfinished or removed. Each begins with the lock stripe under which it was
 * made, so that who gets that lock knows that its maker is gone.
 */
final class Drafts {
  private final RegistryLayout layout;
  private final RegistryLock lock;
  private final RandomGenerator random;
  private final Consumer<String> debug;

  Drafts(RegistryLayout layout, RegistryLock lock, RandomGenerator random, Consumer<String> debug) {
    this.layout = layout;
    this.lock = lock;
    this.random = random;
    this.debug = debug;
  }

  /** A place for what becomes part of this volume; the caller holds its lock. */
  Path draft(VolumeName name) {
    return draft(RegistryLock.stripe(name));
  }

  /** A place for what belongs to no volume; the caller holds the stripe's lock. */
  Path draft(int stripe) {
    return layout.staging().resolve(unique(stripe));
  }

  /** A place for what is removed from this volume; the caller holds its lock. */
  Path grave(VolumeName name) {
    return layout.trash().resolve(unique(RegistryLock.stripe(name)));
  }

  private String unique(int stripe) {
    return "%02x.%016x".formatted(stripe, random.nextLong());
  }

  /**
   * Deletes what commands left behind that were killed. Leftovers of running commands are theirs
   * and stay; what cannot be deleted now is left to the next command.
   */
  void sweep() {
    for (Path directory : List.of(layout.staging(), layout.trash())) {
      FileFailures.translate("list", directory, () -> DirectoryEntries.of(directory))
          .forEach(this::sweep);
    }
  }

  private void sweep(Path leftover) {
    try {
      Optional<RegistryLock.Held> held = lock.tryLock(stripe(leftover));
      if (held.isEmpty()) {
        return;
      }
      try (var _ = held.get()) {
        TreeDeletion.delete(leftover);
        debug.accept("swept " + leftover);
      }
    } catch (IOException e) {
      debug.accept("cannot sweep " + leftover + ": " + FileFailures.reason(e));
    }
  }

  // What Keg did not name is nobody's to wait for: any lock will do.
  private static int stripe(Path leftover) {
    String name = leftover.getFileName().toString();
    int stripe = name.matches("[0-9a-f]{2}\\..*") ? Integer.parseInt(name.substring(0, 2), 16) : 0;
    return stripe < RegistryLock.FILES ? stripe : 0;
  }
}
