package dev.keg.linux.mount;

import dev.keg.attachment.MountIdentity;
import dev.keg.linux.kernel.MountNumbers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the mount at a place, and the place of a mount. */
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

  /** The current place of the mount that was made at the site. */
  Optional<Path> find(ProcMounts table, MountIdentity wanted, Path site) {
    return table.mounts().stream()
        .filter(mount -> mount.id() == wanted.id() && mount.device().equals(wanted.device()))
        .map(mount -> Path.of(mount.target()))
        .filter(place -> place.equals(site) || isStill(wanted, place, site))
        .findFirst()
        .or(() -> copy(table, wanted, site));
  }

  // The id in the table may have been reused. If the kernel cannot tell, a mount that moved along
  // with a directory above it still has its name.
  private boolean isStill(MountIdentity wanted, Path place, Path site) {
    OptionalLong id =
        wanted.unique() == 0 ? OptionalLong.empty() : numbers.inTable(wanted.unique());
    return id.isPresent()
        ? id.getAsLong() == wanted.id()
        : String.valueOf(place.getFileName()).equals(String.valueOf(site.getFileName()));
  }

  // In another namespace, the mount has another id.
  private static Optional<Path> copy(ProcMounts table, MountIdentity wanted, Path site) {
    return table.at(site).stream()
            .anyMatch(
                mount ->
                    mount.device().equals(wanted.device()) && mount.root().equals(wanted.root()))
        ? Optional.of(site)
        : Optional.empty();
  }
}
