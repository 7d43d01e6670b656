package dev.keg.linux.mount;

import dev.keg.attachment.MountIdentity;
import dev.keg.linux.kernel.MountNumbers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Tells which mount is at a place, and at which place a mount is. */
final class MountFinder {
  private final MountNumbers numbers;

  MountFinder(MountNumbers numbers) {
    this.numbers = numbers;
  }

  Optional<MountIdentity> identity(ProcMounts table, Path site) {
    return table
        .top(site)
        .map(
            mount ->
                new MountIdentity(mount.id(), numbers.unique(site), mount.device(), mount.root()));
  }

  /** Where the mount is now that was made at the site. */
  Optional<Path> find(ProcMounts table, MountIdentity wanted, Path site) {
    return table.mounts().stream()
        .filter(mount -> mount.id() == wanted.id() && mount.device().equals(wanted.device()))
        .map(mount -> Path.of(mount.target()))
        .filter(place -> place.equals(site) || isStill(wanted, place, site))
        .findFirst()
        .or(() -> copy(table, wanted, site));
  }

  // The number in the table may be another mount's by now. Where the kernel cannot tell, a mount
  // that moved with a directory above it still has its name.
  private boolean isStill(MountIdentity wanted, Path place, Path site) {
    OptionalLong id =
        wanted.unique() == 0 ? OptionalLong.empty() : numbers.inTable(wanted.unique());
    return id.isPresent()
        ? id.getAsLong() == wanted.id()
        : String.valueOf(place.getFileName()).equals(String.valueOf(site.getFileName()));
  }

  // Another namespace has its own number for it.
  private static Optional<Path> copy(ProcMounts table, MountIdentity wanted, Path site) {
    return table.at(site).stream()
            .anyMatch(
                mount ->
                    mount.device().equals(wanted.device()) && mount.root().equals(wanted.root()))
        ? Optional.of(site)
        : Optional.empty();
  }
}
