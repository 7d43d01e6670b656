package dev.keg.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors of the snapshots of volumes. */
public abstract sealed class SnapshotException extends VolumeException {
  private SnapshotException(String message, @Nullable String hint) {
    super(message, hint, null);
  }

  /** The volume has no snapshot of that name. */
  public static final class NoSuchSnapshot extends SnapshotException {
    public NoSuchSnapshot(String operation, String volume, String name) {
      super(
          "%s %s@%s: no such snapshot".formatted(operation, volume, name),
          "`keg snapshot ls %s` lists its snapshots, `keg backups %s` its backups"
              .formatted(volume, volume));
    }
  }

  /** The volume already has a snapshot of that name. */
  public static final class SnapshotExists extends SnapshotException {
    public SnapshotExists(String operation, String volume, String name) {
      super(
          "%s %s@%s: a snapshot of that name already exists".formatted(operation, volume, name),
          "choose another name, or remove it first: keg snapshot rm %s %s".formatted(volume, name));
    }
  }

  /** The volume is not removed, since its snapshots would be lost with it. */
  public static final class HasSnapshots extends SnapshotException {
    public HasSnapshots(String operation, String name, List<String> snapshots) {
      super(
          "%s %s: volume has snapshots - [%s]"
              .formatted(operation, name, String.join(", ", snapshots)),
          "`keg rm --snapshots " + name + "` removes them with it");
    }
  }

  /** A snapshot is read-only. */
  public static final class SnapshotIsReadOnly extends SnapshotException {
    public SnapshotIsReadOnly(String operation, String snapshot) {
      super(
          "%s %s: a snapshot is read-only".formatted(operation, snapshot),
          "`keg clone " + snapshot + " NEW` makes a volume of it");
    }
  }
}
