package dev.keg.health;

import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Optional;

/** Finds the remains of killed moves of a volume. */
record MoveCheck(Services services) {
  /** Unfinished copies in other pools that nobody works on. */
  List<Finding> brokenOff(Volume volume) {
    VolumeName name = volume.name();
    if (MoveLock.isTaken(services.home(name))) {
      return List.of();
    }
    try {
      return services.registry().relocations().unfinished(name).stream()
          .map(copy -> brokenOff(name.text(), copy))
          .toList();
    } catch (VolumeException e) {
      // A missing disk of another pool must not hide the problems of all volumes.
      return List.of(
          new Finding(
              name.text(),
              String.valueOf(e.getMessage()),
              "it is not known whether a move of it was interrupted",
              "check the disk of the pool"));
    }
  }

  private static Finding brokenOff(String name, ArrivingCopy copy) {
    return new Finding(
        name,
        "its move to pool %s was interrupted".formatted(copy.place().pool()),
        "what was copied takes space in " + copy.home().path(),
        "`keg move %s --pool %s` continues; `keg move --undo %s` deletes it"
            .formatted(name, copy.place().pool(), name));
  }

  /** Whether the volume is a returned archived one whose return nobody completes. */
  Optional<Finding> returning(Volume volume) {
    if (!ArchivedVolume.isReturning(volume)) {
      return Optional.empty();
    }
    String name = volume.name().text();
    Optional<Volume> archived = archived(volume);
    if (archived.filter(this::isMoving).isPresent()) {
      return Optional.empty();
    }
    Finding left =
        new Finding(
            name,
            "was left by a killed move out of an archive",
            "it takes space",
            archived.isPresent() ? "remove it" : "keg rm " + name);
    // Only while the archive still has the data as well.
    return Optional.of(
        archived.map(owner -> left.repairedBy(() -> remove(volume, owner))).orElse(left));
  }

  private Optional<Volume> archived(Volume volume) {
    String text = volume.name().text();
    if (!text.endsWith(ArchivedVolume.RETURNING_SUFFIX)) {
      return Optional.empty();
    }
    String owner = text.substring(0, text.length() - ArchivedVolume.RETURNING_SUFFIX.length());
    return VolumeName.lookup(owner)
        .flatMap(services.registry()::find)
        .filter(found -> ArchivedVolume.isReturning(volume, found))
        .filter(found -> ArchivedVolume.isIn(services.home(found.name())));
  }

  private boolean isMoving(Volume archived) {
    return MoveLock.isTaken(services.home(archived.name()));
  }

  private void remove(Volume volume, Volume archived) {
    VolumeHome home = services.home(archived.name());
    try (MoveLock _ = MoveLock.take("check", archived.name(), home)) {
      if (ArchivedVolume.isIn(home)) {
        var _ =
            new Volumes(services)
                .removeIf(
                    volume.name(),
                    Removal.Mode.NORMAL,
                    found -> ArchivedVolume.isReturning(found, archived));
      }
    }
  }
}
