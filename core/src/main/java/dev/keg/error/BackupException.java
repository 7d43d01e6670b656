package dev.keg.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors of a backup, an archive or a repository. */
public abstract sealed class BackupException extends VolumeException {
  private BackupException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }

  private BackupException(String message, @Nullable String hint) {
    this(message, hint, null);
  }

  /** Keg refuses an archive, or a part of one. */
  public static final class InvalidArchive extends BackupException {
    public InvalidArchive(String archive, String where, String why) {
      this(archive, where, why, null);
    }

    public InvalidArchive(String archive, String where, String why, @Nullable String hint) {
      super(archive + ": " + where + ": " + why, hint);
    }

    private InvalidArchive(InvalidArchive same, String hint) {
      super(String.valueOf(same.getMessage()), hint, same);
    }

    /** The same with a hint about where it was found. */
    public InvalidArchive hinting(String hint) {
      return new InvalidArchive(this, hint);
    }
  }

  /** The store of a repository failed. */
  public static final class RepositoryFailed extends BackupException {
    public RepositoryFailed(String why, @Nullable String hint, @Nullable Throwable cause) {
      super(why, hint, cause);
    }
  }

  /** There is no repository at this address. */
  public static final class NoRepository extends BackupException {
    public NoRepository(String address) {
      super(address + ": no repository here", "the first `keg backup --to` makes one");
    }
  }

  /** The repository has no such backup. */
  public static final class NoSuchBackup extends BackupException {
    public NoSuchBackup(String address, String wanted) {
      super(address + ": no such backup: " + wanted, "`keg backups` lists the existing backups");
    }
  }

  /** The newest backup of a volume is not sound, or not recent enough. */
  public static final class NewestUnusable extends BackupException {
    public NewestUnusable(String address, String volume, String host, String why, String id) {
      super(
          "%s: the newest backup of %s of host %s %s: %s".formatted(address, volume, host, why, id),
          "`keg backup --to %s %s` on that host makes another".formatted(address, volume));
    }
  }

  /** A backup has no such file. */
  public static final class NoSuchFile extends BackupException {
    public NoSuchFile(String backup, String path, String why) {
      super(
          "%s: %s: %s".formatted(backup, path, why),
          "`keg backups ls` lists the files of a backup, `keg backups find` the backups with a name");
    }
  }

  /** A backup could not be made. */
  public static final class BackupFailed extends BackupException {
    public BackupFailed(String volume, String why) {
      this(volume, why, null);
    }

    public BackupFailed(String volume, String why, @Nullable String hint) {
      super("backup " + volume + ": " + why, hint);
    }
  }

  /** Backups could not be forgotten; all are still there. */
  public static final class ForgetFailed extends BackupException {
    public ForgetFailed(String address, String why, String hint) {
      super(address + ": forget: " + why, hint);
    }
  }

  /** A verification found a damaged backup. */
  public static final class BackupDamaged extends BackupException {
    private static final int NAMED = 20;

    public BackupDamaged(String backup, List<String> findings) {
      this(
          backup,
          findings,
          "`keg restore --skip-damaged` restores the rest; the next backup stores it again;"
              + " `keg verify --repair-from REPO` repairs it with a copy");
    }

    public BackupDamaged(String backup, List<String> findings, String hint) {
      super(
          backup
              + ": damaged: "
              + String.join("; ", findings.subList(0, Math.min(NAMED, findings.size())))
              + (findings.size() > NAMED ? "; and %d more".formatted(findings.size() - NAMED) : ""),
          hint);
    }
  }

  /** A restore failed; the volume is unchanged. */
  public static final class RestoreFailed extends BackupException {
    public RestoreFailed(String volume, String why, @Nullable String hint) {
      this("restore", volume, why, hint);
    }

    public RestoreFailed(String operation, String volume, String why, @Nullable String hint) {
      super(operation + " " + volume + ": " + why, hint);
    }
  }

  /** A drill did not prove that the backup can be restored and used. */
  public static final class DrillFailed extends BackupException {
    public DrillFailed(String volume, String why, @Nullable String hint) {
      super("drill " + volume + ": " + why, hint);
    }

    /** The data is sound, but the drill remains due. */
    public static DrillFailed inPart(String volume, String address) {
      return new DrillFailed(
          volume,
          "not everything could be restored as it was, so the drill remains due",
          "`keg drill --from %s %s` names what is lost".formatted(address, volume));
    }
  }

  /** A restore of the volume is running. */
  public static final class BeingRestored extends BackupException {
    public BeingRestored(String operation, String volume) {
      super(
          operation + " " + volume + ": a restore of this volume is running",
          "run it again when the restore has ended");
    }
  }

  /** An interrupted restore left neither the old content nor the new. */
  public static final class HalfRestored extends BackupException {
    private HalfRestored(String message, String hint) {
      super(message, hint);
    }

    public static HalfRestored between(String operation, String name) {
      return new HalfRestored(
          "%s %s: an interrupted restore left neither the old content nor the new"
              .formatted(operation, name),
          "`keg restore --undo %s` brings back the old content, ".formatted(name)
              + "`keg restore --replace %s` restores it again".formatted(name));
    }

    /** A restore or create was filling the volume, which is not complete. */
    public static HalfRestored incomplete(String operation, String name) {
      return new HalfRestored(
          "%s %s: the command that created this volume was killed before filling it"
              .formatted(operation, name),
          "`keg rm %s` removes the volume; if it was a restore, `keg restore %s` starts it again"
              .formatted(name, name));
    }
  }

  /** A backup was withdrawn because the backup it builds on was forgotten meanwhile. */
  public static final class BackupWithdrawn extends BackupException {
    public BackupWithdrawn(String volume, String why) {
      super("backup " + volume + ": withdrawn: " + why, "run it again");
    }
  }
}
