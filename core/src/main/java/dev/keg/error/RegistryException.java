package dev.keg.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors of the registry: something is missing, exists or cannot be read. */
public abstract sealed class RegistryException extends VolumeException {
  private RegistryException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }

  private RegistryException(String message, @Nullable String hint) {
    this(message, hint, null);
  }

  private RegistryException(String message) {
    this(message, null, null);
  }

  /** The name belongs to a volume of another driver. */
  public static final class NameTaken extends RegistryException {
    public NameTaken(String name, String driver) {
      super(
          "create %s: driver '%s' already has volume '%s': volume name must be unique"
              .formatted(name, driver, name));
    }
  }

  /** Files cannot be copied as requested; nothing was copied. */
  public static final class CopyFailed extends RegistryException {
    public CopyFailed(String path, String why) {
      super("cp " + path + ": " + why);
    }
  }

  /** A volume of that name exists where none may. */
  public static final class AlreadyExists extends RegistryException {
    public AlreadyExists(String operation, String subject, String name) {
      this(
          operation,
          subject,
          name,
          subject.equals(name)
              ? "choose another name"
              : "choose another name, or remove it first: keg rm " + name);
    }

    public AlreadyExists(String operation, String subject, String name, String hint) {
      super(operation + " " + subject + ": volume with name " + name + " already exists", hint);
    }
  }

  /** The volume exists, but differs from the request. */
  public static final class Differs extends RegistryException {
    public Differs(String name, List<String> differences) {
      super("create " + name + ": volume exists but differs: " + String.join("; ", differences));
    }
  }

  /** No volume of that name. */
  public static final class NotFound extends RegistryException {
    public NotFound(String operation, String name) {
      super(
          name.isEmpty()
              ? operation + ": the name of the volume is empty"
              : operation + " " + name + ": no such volume");
    }

    public NotFound(String operation, String name, String hint) {
      super(operation + " " + name + ": no such volume", hint);
    }

    /** The name may be meant for a snapshot or a backup, which the operation does not accept. */
    public static NotFound ofVolume(String operation, String name) {
      int at = name.indexOf('@');
      return at <= 0
          ? new NotFound(operation, name)
          : new NotFound(
              operation, name, "name the volume, without a snapshot: " + name.substring(0, at));
    }
  }

  /** The beginning of an id that several volumes share. */
  public static final class AmbiguousId extends RegistryException {
    public AmbiguousId(String id, List<String> names) {
      super(
          "%s matches the ids of several volumes: %s".formatted(id, String.join(", ", names)),
          "give more of the id, or the name");
    }
  }

  /** The operator protected the volume. */
  public static final class ProtectedVolume extends RegistryException {
    /** Takes an empty end if there is none. */
    public ProtectedVolume(String operation, String name, String end) {
      super(
          "%s %s: volume is protected%s"
              .formatted(operation, name, end.isEmpty() ? "" : " until " + end),
          "`keg update --unprotect " + name + "` removes the protection");
    }
  }

  /** The existing file or directory cannot become a volume. */
  public static final class AdoptionRefused extends RegistryException {
    public AdoptionRefused(String path, String why) {
      super("adopt " + path + ": " + why);
    }
  }

  /** The volume's data directory leads out of the root. */
  public static final class OutsideRoot extends RegistryException {
    public OutsideRoot(String operation, String name, String root, String target) {
      super(
          "%s %s: unable to remove a directory outside of the local volume root %s: %s"
              .formatted(operation, name, root, target));
    }
  }

  /** The volume's own files cannot be read. */
  public static final class Damaged extends RegistryException {
    private final String subject;

    /** About a file of a volume. */
    public Damaged(String name, String file, String why) {
      super(
          "volume " + name + " is damaged: " + file + ": " + why,
          "its data is untouched; repair or replace that file, or move the directory away");
      this.subject = name;
    }

    /** About a file of no volume. */
    public Damaged(String file, String why) {
      super(file + " is damaged: " + why, "repair or replace that file");
      this.subject = file;
    }

    /** The volume, or the file. */
    public String subject() {
      return subject;
    }
  }

  /** There is no root at the operator's path. */
  public static final class NoRegistry extends RegistryException {
    public NoRegistry(String root) {
      super("there is no registry at " + root, "--root or KEG_ROOT chooses another directory");
    }
  }

  /** Something in the volumes directory is not a volume. */
  public static final class Foreign extends RegistryException {
    public Foreign(String path, String why) {
      super(path + " is not a volume: " + why, "move it out of the volumes directory");
    }
  }

  /** Written by a newer Keg. */
  public static final class NewerSchema extends RegistryException {
    public NewerSchema(String file, long found, long known) {
      super(
          "%s has schema %d, but this version of keg knows only %d".formatted(file, found, known),
          "use the newer version that wrote it");
    }
  }

  /** The store of a shared registry does not answer. */
  public static final class CutOff extends RegistryException {
    public CutOff(String reason, @Nullable Throwable cause) {
      super(
          reason,
          "until it answers, this host can only unmount, and show the last known state",
          cause);
    }
  }

  /** The store of a shared registry refuses, or does not support one. */
  public static final class StoreRefused extends RegistryException {
    public StoreRefused(String reason, @Nullable String hint, @Nullable Throwable cause) {
      super(reason, hint, cause);
    }
  }

  /** Two registries, or one and the files of a host, contradict each other. */
  public static final class RegistriesDiffer extends RegistryException {
    public RegistriesDiffer() {
      super("there are differences, listed above");
    }
  }

  /** The store contains no registry. */
  public static final class NoSharedRegistry extends RegistryException {
    public NoSharedRegistry(String address) {
      super("there is no registry at " + address, "`keg registry init` makes one there");
    }
  }

  /** The directory belongs to another registry than the requested one. */
  public static final class OtherRegistry extends RegistryException {
    public OtherRegistry(String directory, String belongs, String asked) {
      super(
          "%s is this host's part of the registry %s, not of %s"
              .formatted(directory, belongs, asked),
          "--data or KEG_DATA chooses another directory");
    }

    /** The target of the copy already contains another registry. */
    public OtherRegistry(String address, String from) {
      super(
          "%s is a registry of its own, not a copy of %s".formatted(address, from),
          "choose an address without a registry");
    }
  }

  /** The directory is useless without the store that describes its content. */
  public static final class PartOfShared extends RegistryException {
    public PartOfShared(String directory) {
      super(
          directory + " is this host's part of a registry that several hosts share",
          "name that registry: --root s3://… or etcd://…; shared.json in the directory has its"
              + " address");
    }
  }

  /** The directory is a registry of its own, whose volumes would become inaccessible. */
  public static final class HasOwnVolumes extends RegistryException {
    public HasOwnVolumes(String directory) {
      super(
          directory + " has volumes of its own, which a shared registry would hide",
          "--data or KEG_DATA chooses another directory");
    }
  }

  /** The data of the volume is on another host. */
  public static final class OnOtherHost extends RegistryException {
    public OnOtherHost(String operation, String name, String host) {
      super("%s %s: the volume is on host %s".formatted(operation, name, host), "run it there");
    }
  }

  /** Another host has the volume, or should create it, than the requested one. */
  public static final class NotThisHost extends RegistryException {
    public NotThisHost(String volume, String wanted, String actual) {
      super(
          "create %s: it was requested on host %s, not on %s".formatted(volume, wanted, actual),
          "run it on %s; `keg move` brings a volume to another host".formatted(wanted));
    }
  }

  /** Another host defined options of the volume that may refer to this host. */
  public static final class NotAccepted extends RegistryException {
    public NotAccepted(String operation, String name, String host) {
      super(
          "%s %s: host %s chose options that may name files of this host"
              .formatted(operation, name, host),
          "examine them with `keg inspect %s`; `keg create` here with the same driver and options"
                  .formatted(name)
              + " accepts them");
    }
  }

  /** No host of a shared registry, or several, have that name. */
  public static final class NoSuchHost extends RegistryException {
    public NoSuchHost(String name, List<String> ids) {
      super(
          ids.isEmpty()
              ? "no such host: " + name
              : "several hosts are called %s: %s".formatted(name, String.join(", ", ids)),
          ids.isEmpty() ? "`keg host ls` lists them" : "give the id");
    }
  }

  /** A host that may still use what it holds is not removed. */
  public static final class HostMayRun extends RegistryException {
    public HostMayRun(String host, int holders, int volumes) {
      super(
          "host rm %s: it holds %d volumes, has the data of %d, and may still be running"
              .formatted(host, holders, volumes),
          "--fenced-by COMMAND powers it off or fences it; --force takes your word, once it has"
              + " been silent for 10 minutes");
    }

    public HostMayRun(String host, String why) {
      super("host rm " + host + ": " + why);
    }
  }

  /** A directory of this host has the name of a volume that the shared registry lacks. */
  public static final class NotRegistered extends RegistryException {
    public NotRegistered(String operation, String name, String home) {
      super(
          "%s %s: %s is not in the shared registry".formatted(operation, name, home),
          "choose another name, or move that directory away");
    }
  }

  /** Other hosts keep changing the same record. */
  public static final class ChangedMeanwhile extends RegistryException {
    public ChangedMeanwhile(String operation, String name) {
      super(operation + " " + name + ": other hosts are changing it at the same time", "try again");
    }
  }

  /** The operation is not supported with a shared registry. */
  public static final class NotShared extends RegistryException {
    public NotShared(String operation, String why) {
      super(operation + ": " + why);
    }

    public NotShared(String operation, String why, String hint) {
      super(operation + ": " + why, hint);
    }
  }

  /** Another process is pruning. */
  public static final class PruneRunning extends RegistryException {
    public PruneRunning() {
      super("a prune operation is already running");
    }
  }

  /** The file system refused. */
  public static final class FileFailure extends RegistryException {
    public FileFailure(String operation, String path, String why, @Nullable Throwable cause) {
      this(operation, path, why, Refusal.OTHER, cause);
    }

    public FileFailure(
        String operation, String path, String why, Refusal refusal, @Nullable Throwable cause) {
      super(operation + ": " + path + ": " + why, refusal.remedy, cause);
    }

    /** The kinds of refusal; each but the last has a remedy. */
    public enum Refusal {
      PERMISSION_DENIED(
          "run it as a user who may do that, or choose another directory (--root or KEG_ROOT for"
              + " the registry)"),
      NO_SPACE("free some space and run it again; nothing was changed"),
      READ_ONLY("remount it writable, or choose another directory"),
      SILENT("bring the server or the disk back, or unmount the volume"),
      OTHER(null);

      private final @Nullable String remedy;

      Refusal(@Nullable String remedy) {
        this.remedy = remedy;
      }
    }
  }
}
