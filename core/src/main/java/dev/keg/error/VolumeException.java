package dev.keg.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can go wrong with a volume. The constructors take facts and write the sentence; the words
 * are docker's where docker has words. A message says what failed, on which volume and why; {@link
 * #hint()} says what to do about it.
 */
public abstract sealed class VolumeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String hint;

  private VolumeException(String message) {
    this(message, null, null);
  }

  private VolumeException(String message, @Nullable String hint) {
    this(message, hint, null);
  }

  private VolumeException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** What the operator can do, if there is something. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  /** The name cannot be a volume's name. */
  public static final class InvalidName extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidName(String name, String why) {
      super("create " + name + ": " + why);
    }
  }

  /** A label that is empty or has white space in its key. */
  public static final class InvalidLabel extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidLabel(String why) {
      super(why);
    }
  }

  /** Text that is no size. */
  public static final class InvalidSize extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidSize(String why) {
      super(why);
    }
  }

  /** Text that describes no mount. */
  public static final class InvalidSpec extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidSpec(String why) {
      super(why);
    }

    public InvalidSpec(String why, @Nullable String hint) {
      super(why, hint);
    }

    /** The same, said of the text that it was found in. */
    public InvalidSpec within(String context) {
      return new InvalidSpec(context + ": " + getMessage(), hint().orElse(null));
    }
  }

  /** A filter that is unknown here or has an impossible value. */
  public static final class InvalidFilter extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidFilter(String why, @Nullable String hint) {
      super(why, hint);
    }
  }

  /** The driver does not take these options. */
  public static final class InvalidOption extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidOption(String volume, String why) {
      this(volume, why, null);
    }

    public InvalidOption(String volume, String why, @Nullable String hint) {
      super("create " + volume + ": " + why, hint);
    }
  }

  /** No driver and no plugin of that name. */
  public static final class UnknownDriver extends VolumeException {
    private static final long serialVersionUID = 1L;

    public UnknownDriver(String operation, String volume, String driver) {
      super(
          "%s %s: error looking up volume plugin %s: plugin \"%s\" not found"
              .formatted(operation, volume, driver, driver),
          "`keg drivers` lists the drivers and why one is unavailable");
    }
  }

  /** The driver is known but cannot work on this machine. */
  public static final class DriverUnavailable extends VolumeException {
    private static final long serialVersionUID = 1L;

    public DriverUnavailable(String operation, String volume, String driver, String why) {
      super(
          "%s %s: driver '%s' is not available here: %s".formatted(operation, volume, driver, why));
    }
  }

  /** The driver tried and failed. */
  public static final class DriverFailed extends VolumeException {
    private static final long serialVersionUID = 1L;

    public DriverFailed(String operation, String volume, String why) {
      this(operation, volume, why, null, null);
    }

    public DriverFailed(
        String operation,
        String volume,
        String why,
        @Nullable String hint,
        @Nullable Throwable cause) {
      super(operation + " " + volume + ": " + why, hint, cause);
    }
  }

  /** The name belongs to a volume of another driver. */
  public static final class NameTaken extends VolumeException {
    private static final long serialVersionUID = 1L;

    public NameTaken(String name, String driver) {
      super(
          "create %s: driver '%s' already has volume '%s': volume name must be unique"
              .formatted(name, driver, name));
    }
  }

  /** A volume of that name exists where none may. */
  public static final class AlreadyExists extends VolumeException {
    private static final long serialVersionUID = 1L;

    public AlreadyExists(String operation, String subject, String name) {
      super(
          operation + " " + subject + ": volume with name " + name + " already exists",
          "choose another name, or remove it first: keg rm " + name);
    }
  }

  /** The volume exists, but not as requested. */
  public static final class Differs extends VolumeException {
    private static final long serialVersionUID = 1L;

    public Differs(String name, List<String> differences) {
      super("create " + name + ": volume exists but differs: " + String.join("; ", differences));
    }
  }

  /** No name at all where a volume must be named. */
  public static final class EmptyName extends VolumeException {
    private static final long serialVersionUID = 1L;

    public EmptyName() {
      super("invalid volume name or ID: value is empty");
    }
  }

  /** No volume of that name. */
  public static final class NotFound extends VolumeException {
    private static final long serialVersionUID = 1L;

    public NotFound(String operation, String name) {
      super(operation + " " + name + ": no such volume");
    }
  }

  /** Somebody holds the volume. */
  public static final class InUse extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InUse(String operation, String name, List<String> holders) {
      this(operation, name, holders, "release it first: keg unmount");
    }

    private InUse(String operation, String name, List<String> holders, String hint) {
      super(
          operation + " " + name + ": volume is in use - [" + String.join(", ", holders) + "]",
          hint);
    }

    /** The same, where machines have it too or alone. */
    public static InUse by(
        String operation, String name, List<String> mounts, List<String> machines) {
      if (machines.isEmpty()) {
        return new InUse(operation, name, mounts);
      }
      List<String> holders = new ArrayList<>(mounts);
      holders.addAll(machines);
      return new InUse(
          operation,
          name,
          holders,
          "release it first: keg detach %s %s".formatted(name, machines.getFirst())
              + (mounts.isEmpty() ? "" : ", and keg unmount"));
    }
  }

  /** The volume cannot be given to that machine. */
  public static final class AttachRefused extends VolumeException {
    private static final long serialVersionUID = 1L;

    public AttachRefused(String name, String why) {
      super("attach " + name + ": " + why);
    }
  }

  /** The machine does not have the volume. */
  public static final class NotAttached extends VolumeException {
    private static final long serialVersionUID = 1L;

    public NotAttached(String name, String machine) {
      super(
          "detach " + name + ": " + machine + " does not have it",
          "`keg inspect " + name + "` says who has it and who had it");
    }
  }

  /** Text that names no machine, or no drive of one. */
  public static final class InvalidMachine extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidMachine(String why) {
      super(why);
    }
  }

  /** A machine that runs did not do what it was asked. */
  public static final class MachineFailed extends VolumeException {
    private static final long serialVersionUID = 1L;

    public MachineFailed(
        String operation,
        String name,
        String why,
        @Nullable String hint,
        @Nullable Throwable cause) {
      super(operation + " " + name + ": " + why, hint, cause);
    }
  }

  /** Other volumes are built on this one. */
  public static final class HasDependents extends VolumeException {
    private static final long serialVersionUID = 1L;

    public HasDependents(String operation, String name, List<String> dependents) {
      super(
          operation + " " + name + ": other volumes are built on it - " + dependents,
          "they keep only what differs from it; remove them first");
    }
  }

  /** Something is mounted at or below the volume's directory. */
  public static final class ActiveMounts extends VolumeException {
    private static final long serialVersionUID = 1L;

    public ActiveMounts(String operation, String name, List<String> targets) {
      super(
          operation + " " + name + ": volume has active mounts - " + targets,
          "unmount them first; what is mounted below a volume is never removed with it");
    }
  }

  /** A mount could not be made or taken away. */
  public static final class MountFailed extends VolumeException {
    private static final long serialVersionUID = 1L;

    public MountFailed(String operation, String target, String why, @Nullable String hint) {
      this(operation, target, why, hint, null);
    }

    public MountFailed(
        String operation,
        String target,
        String why,
        @Nullable String hint,
        @Nullable Throwable cause) {
      super(operation + " " + target + ": " + why, hint, cause);
    }
  }

  /** The operation is not for this kind of volume. */
  public static final class NotSupported extends VolumeException {
    private static final long serialVersionUID = 1L;

    public NotSupported(String operation, String name, String why) {
      super(operation + " " + name + ": " + why);
    }
  }

  /** What is there already cannot become a volume. */
  public static final class AdoptionRefused extends VolumeException {
    private static final long serialVersionUID = 1L;

    public AdoptionRefused(String path, String why) {
      super("adopt " + path + ": " + why);
    }
  }

  /** The volume's data directory leads out of the root. */
  public static final class OutsideRoot extends VolumeException {
    private static final long serialVersionUID = 1L;

    public OutsideRoot(String operation, String name, String root, String target) {
      super(
          "%s %s: unable to remove a directory outside of the local volume root %s: %s"
              .formatted(operation, name, root, target));
    }
  }

  /** The volume's own files cannot be understood. */
  public static final class Damaged extends VolumeException {
    private static final long serialVersionUID = 1L;

    public Damaged(String name, String file, String why) {
      super(
          "volume " + name + " is damaged: " + file + ": " + why,
          "its data is untouched; repair or replace that file, or take the directory away");
    }
  }

  /** Something in the volumes directory that is no volume. */
  public static final class Foreign extends VolumeException {
    private static final long serialVersionUID = 1L;

    public Foreign(String path, String why) {
      super(path + " is not a volume: " + why, "move it out of the volumes directory");
    }
  }

  /** Written by a newer Keg. */
  public static final class NewerSchema extends VolumeException {
    private static final long serialVersionUID = 1L;

    public NewerSchema(String file, long found, long known) {
      super(
          "%s has schema %d, and this keg knows %d only".formatted(file, found, known),
          "use the newer keg that wrote it");
    }
  }

  /** Another process prunes already. */
  public static final class PruneRunning extends VolumeException {
    private static final long serialVersionUID = 1L;

    public PruneRunning() {
      super("a prune operation is already running");
    }
  }

  /** A retention rule that cannot be read. */
  public static final class InvalidRetention extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidRetention(String why, String hint) {
      super(why, hint);
    }
  }

  /** An archive, or a part of it, that is not taken as it is. */
  public static final class InvalidArchive extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidArchive(String archive, String where, String why) {
      this(archive, where, why, null);
    }

    public InvalidArchive(String archive, String where, String why, @Nullable String hint) {
      super(archive + ": " + where + ": " + why, hint);
    }

    private InvalidArchive(InvalidArchive same, String hint) {
      super(String.valueOf(same.getMessage()), hint, same);
    }

    /** The same, with what can be done where it was found. */
    public InvalidArchive hinting(String hint) {
      return new InvalidArchive(this, hint);
    }
  }

  /** The place that backups are kept at did not do what it was asked. */
  public static final class RepositoryFailed extends VolumeException {
    private static final long serialVersionUID = 1L;

    public RepositoryFailed(String why, @Nullable String hint, @Nullable Throwable cause) {
      super(why, hint, cause);
    }
  }

  /** Nobody has kept backups at this place. */
  public static final class NoRepository extends VolumeException {
    private static final long serialVersionUID = 1L;

    public NoRepository(String address) {
      super(address + ": no repository here", "the first `keg backup --to` makes one");
    }
  }

  /** What was given is no place for a repository. */
  public static final class InvalidRepository extends VolumeException {
    private static final long serialVersionUID = 1L;

    public InvalidRepository(String why, @Nullable String hint) {
      super("invalid repository: " + why, hint);
    }
  }

  /** The repository has no such backup. */
  public static final class NoSuchBackup extends VolumeException {
    private static final long serialVersionUID = 1L;

    public NoSuchBackup(String address, String wanted) {
      super(address + ": no such backup: " + wanted, "`keg backups` lists what is there");
    }
  }

  /** A backup could not be made. */
  public static final class BackupFailed extends VolumeException {
    private static final long serialVersionUID = 1L;

    public BackupFailed(String volume, String why) {
      this(volume, why, null);
    }

    public BackupFailed(String volume, String why, @Nullable String hint) {
      super("backup " + volume + ": " + why, hint);
    }
  }

  /** A verification found that a backup is not what it was. */
  public static final class BackupDamaged extends VolumeException {
    private static final long serialVersionUID = 1L;
    private static final int NAMED = 20;

    public BackupDamaged(String backup, List<String> findings) {
      super(
          backup
              + ": damaged: "
              + String.join("; ", findings.subList(0, Math.min(NAMED, findings.size())))
              + (findings.size() > NAMED ? "; and %d more".formatted(findings.size() - NAMED) : ""),
          "`keg restore --skip-damaged` restores the rest; the next backup does not build on it");
    }
  }

  /** A backup was not restored; the volume is as it was. */
  public static final class RestoreFailed extends VolumeException {
    private static final long serialVersionUID = 1L;

    public RestoreFailed(String volume, String why, @Nullable String hint) {
      super("restore " + volume + ": " + why, hint);
    }
  }

  /** Neither the old content is there nor the new one. */
  public static final class HalfRestored extends VolumeException {
    private static final long serialVersionUID = 1L;

    public HalfRestored(String operation, String name) {
      super(
          "%s %s: a restore was broken off while files changed places".formatted(operation, name),
          "`keg restore --undo %s` brings back what was there, ".formatted(name)
              + "`keg restore --replace %s` makes it new".formatted(name));
    }
  }

  /** A backup was made, but what it builds on was forgotten meanwhile, so it was taken back. */
  public static final class BackupWithdrawn extends VolumeException {
    private static final long serialVersionUID = 1L;

    public BackupWithdrawn(String volume, String why) {
      super("backup " + volume + ": withdrawn: " + why, "run it again");
    }
  }

  /** The file system refused. */
  public static final class FileFailure extends VolumeException {
    private static final long serialVersionUID = 1L;

    public FileFailure(String operation, String path, String why, @Nullable Throwable cause) {
      super(operation + ": " + path + ": " + why, remedy(why), cause);
    }

    private static @Nullable String remedy(String why) {
      return switch (why) {
        case "permission denied" ->
            "run it as the owner of that directory, or choose your own with --root or KEG_ROOT";
        case "no space left on device" -> "free some space and run it again; nothing was changed";
        case "read-only file system" -> "remount it writable, or choose another --root";
        default -> null;
      };
    }
  }
}
