package dev.keg.volumeset;

import dev.keg.attachment.MountTable;
import dev.keg.attachment.MountTable.OutsideMount;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.volumeset.PlannedMount.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds where the mounts of plans are now: a directory above one may have been renamed, and
 * something else may be mounted where it was made.
 */
record MountPlaces(MountContext context, MountTable table) {
  MountPlaces(MountContext context) {
    this(context, context.system());
  }

  /**
   * Where the step's mount is; empty if this process does not see it. A step without the identity
   * of its mount, because it was killed or is from an older version, is assumed to be where it was
   * made.
   */
  Optional<Path> of(PlannedMount step) {
    Optional<Path> site = step.site();
    return step.identity().isPresent() && site.isPresent()
        ? table.find(step.identity().get(), site.get())
        : site;
  }

  boolean isAt(PlannedMount step, Path place) {
    return of(step).filter(place::equals).isPresent();
  }

  /** Refuses a mount that was moved and could be any of the remaining ones of its volume. */
  void requireKnown(PlannedMount step, Path site) {
    if (step.identity().isPresent() || !step.done() || table.isMounted(site.toString())) {
      return;
    }
    if (step.source() instanceof Source.OfVolume(var name)) {
      List<String> places =
          context.attachments().strays(name, Reach.HERE).stream()
              .map(OutsideMount::target)
              .toList();
      if (!places.isEmpty()) {
        throw new MountFailed(
            "unmount",
            site.toString(),
            "it no longer exists; volume %s is mounted at %s".formatted(name, places),
            "unmount that with umount(8), then try again");
      }
    }
  }
}
