package dev.keg.backup.save;

import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.registry.SnapshotRegistry;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot for one command, which removes it when it has read it. Of one that is still mounted
 * then, or whose command was killed, maintenance disposes when it expires.
 */
public record TemporarySnapshot(
    BackupContext context, String operation, VolumeName volume, SnapshotName name) {
  private static final Duration KEPT = Duration.ofDays(1);

  /**
   * Publishes what is in the staged home. Call it with the volume's lock.
   *
   * @param then the volume at that time
   * @param shared whether it shares its data with the volume
   * @param consistent whether nobody could write to the volume meanwhile
   */
  public void publish(Volume then, VolumeHome staged, boolean shared, boolean consistent) {
    Instant made = context.clock().instant();
    Optional<Instant> expires = Optional.of(made.plus(KEPT));
    context
        .registry()
        .snapshots()
        .publish(new Snapshot(then, name, made, expires, shared, consistent, false), staged);
  }

  /** Removes it if it exists; one that is in use expires later. */
  public void remove() {
    SnapshotRegistry snapshots = context.registry().snapshots();
    try (var _ = context.registry().lock().lock(volume)) {
      VolumeHome home = snapshots.home(volume, name);
      if (!Files.isDirectory(home.path(), LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      String subject = volume + "@" + name;
      context.services().conflicts().refuseMountedSnapshots(operation, subject, home.path());
      SnapshotLock.requireFree(operation, subject, home);
      snapshots.remove(volume, name);
    } catch (SnapshotInUse _) {
      return;
    }
  }
}
