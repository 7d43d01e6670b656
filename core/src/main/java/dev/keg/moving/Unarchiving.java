package dev.keg.moving;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Creating;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.save.BackupContext;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.moving.Moving.Moved;
import dev.keg.moving.Relocating.Hold;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.RegistryLayout;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Labels;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Restores the data of an archived volume. It first becomes a separate volume, {@code
 * NAME.returning}, whose home then replaces the volume's.
 */
record Unarchiving(BackupContext context, Archives archives, TreeListener listener) {
  private static final String OPERATION = "move";

  /** Leaves space for the rest of the name. */
  private static final int LONGEST = 200;

  /** Restores the data to a separate volume, and puts that in the archived one's place. */
  Moved bringBack(
      Volume volume, ArchivedVolume archived, VolumeHome copy, PoolName pool, Hold hold) {
    requireNothingWritten(volume);
    VolumeName returning = restore(volume, archived, pool);
    try {
      return hold.run(
          () -> {
            try (var _ = context.registry().lock().lock(returning)) {
              requireUnused(volume, returning);
              context.registry().relocations().adopt(returning, copy);
            }
            keep(context.home(volume), copy);
            return archived.size().bytes();
          });
    } catch (RuntimeException e) {
      try {
        remove(volume, returning);
      } catch (VolumeException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  /**
   * Refuses if something was written to the archived volume's directory: a container engine creates
   * a directory that it should mount, and content in it would be hidden.
   */
  private void requireNothingWritten(Volume volume) {
    Path data = context.home(volume).data();
    boolean empty =
        !Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS)
            || FileFailures.translate("list", data, () -> DirectoryEntries.of(data)).isEmpty();
    if (!empty) {
      throw new MoveFailed(
          volume.name().text(),
          "somebody has written to %s, and that data is in no backup".formatted(data),
          "move it away");
    }
  }

  /** Refuses if somebody uses the volume, which is visible, or has taken its name. */
  private void requireUnused(Volume volume, VolumeName returning) {
    Volume made = context.registry().get(OPERATION, returning);
    if (!ArchivedVolume.isReturning(made, volume)) {
      throw new MoveFailed(
          volume.name().text(), returning + " is now another volume", "rename that volume");
    }
    context.volumes().release(OPERATION, made);
  }

  /** Keeps the volume's files besides its data. */
  private void keep(VolumeHome home, VolumeHome copy) {
    RegistryLayout layout = context.registry().layout();
    FileFailures.run(
        "move",
        copy.path(),
        () -> {
          for (Path file : List.of(layout.history(home), layout.tuning(home))) {
            if (Files.exists(file)) {
              Path kept = copy.path().resolve(home.path().relativize(file));
              Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
            }
          }
        });
  }

  /** Creates a volume with the data in that pool, whose home will become the volume's. */
  private VolumeName restore(Volume volume, ArchivedVolume archived, PoolName pool) {
    VolumeName name = returning(volume);
    try (Repository repository = archives.open(volume.name(), archived.repository())) {
      Backup backup =
          Archives.find(
              repository, volume.name(), archived.repository(), new BackupId(archived.backup()));
      try (RestoreSource source = RestoreSource.of(repository, backup.record(), true)) {
        restore(volume, name, source, pool);
      }
    }
    return name;
  }

  private void restore(Volume volume, VolumeName name, RestoreSource source, PoolName pool) {
    RestoreRequest request =
        new RestoreRequest(
            name, Optional.empty(), Mode.EMPTY, true, false, true, true, archives.threads());
    Labels labels = Labels.NONE.with(ArchivedVolume.RETURNING, volume.details().id().text());
    if (source.volume().filter(Volume::holdsDisk).isPresent()) {
      new Restoring(context, OPERATION)
          .create(source, request, labels.with(Labels.POOL, pool.text()), listener);
    } else {
      VolumeRequest made =
          new VolumeRequest(name, volume.driver(), volume.options(), labels, Ownership.DEFAULT)
              .in(Optional.of(pool));
      var _ = new Creating(context).create(made, source, request, listener);
    }
  }

  /** Its name; first removes what a killed command left under that name. */
  private VolumeName returning(Volume volume) {
    String text = volume.name().text();
    VolumeName name =
        new VolumeName(
            text.substring(0, Math.min(LONGEST, text.length())) + ArchivedVolume.RETURNING_SUFFIX);
    Optional<Volume> left = context.registry().find(name);
    if (left.isPresent()) {
      if (!ArchivedVolume.isReturning(left.get(), volume)) {
        throw new MoveFailed(
            text,
            "it returns under the name %s, which another volume has".formatted(name),
            "rename that volume");
      }
      remove(volume, name);
    }
    return name;
  }

  /** Removes the separate volume if it does not become the archived one. */
  private void remove(Volume volume, VolumeName returning) {
    var _ =
        context
            .volumes()
            .removeIf(
                returning, Removal.Mode.NORMAL, found -> ArchivedVolume.isReturning(found, volume));
  }
}
