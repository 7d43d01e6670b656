package dev.keg.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conflict with the holders of a volume: mounts, machines and volumes built on it. */
public abstract sealed class HolderException extends VolumeException {
  private HolderException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }

  private HolderException(String message, @Nullable String hint) {
    this(message, hint, null);
  }

  private HolderException(String message) {
    this(message, null, null);
  }

  /** Somebody holds the volume. */
  public static final class InUse extends HolderException {
    /** The releases are the commands that make each holder release the volume. */
    public InUse(String operation, String name, List<String> holders, List<String> releases) {
      super(
          "%s %s: volume is in use - [%s]".formatted(operation, name, String.join(", ", holders)),
          "release it first: " + String.join(", ", releases));
    }
  }

  /** A command reads the snapshot, or it is mounted. */
  public static final class SnapshotInUse extends HolderException {
    public SnapshotInUse(String operation, String snapshot, List<String> places) {
      super(
          "%s %s: snapshot is in use%s"
              .formatted(
                  operation,
                  snapshot,
                  places.isEmpty()
                      ? " by another command"
                      : " - [" + String.join(", ", places) + "]"),
          places.isEmpty() ? "try again when that command has ended" : "unmount it first");
    }
  }

  /** Other volumes are built on this one. */
  public static final class HasDependents extends HolderException {
    public HasDependents(String operation, String name, List<String> dependents) {
      super(
          operation + " " + name + ": other volumes are built on it - " + dependents,
          "they store only their differences from it; remove them first");
    }
  }

  /** Something is mounted at or below the volume's directory, or its data is elsewhere. */
  public static final class ActiveMounts extends HolderException {
    public ActiveMounts(String operation, String name, List<String> targets) {
      this(
          operation,
          name,
          targets,
          "unmount them first; a mount below a volume is never removed with it");
    }

    private ActiveMounts(String operation, String name, List<String> targets, String hint) {
      super(operation + " " + name + ": volume has active mounts - " + targets, hint);
    }

    /** The volume's data is mounted at unrecorded places. */
    public static ActiveMounts elsewhere(String operation, String name, List<String> places) {
      return new ActiveMounts(
          operation,
          name,
          places,
          "unmount them with umount(8); in the mount namespace of a process,"
              + " `nsenter -m -t PROCESS umount` does it");
    }
  }

  /** A mount could not be made or removed. */
  public static final class MountFailed extends HolderException {
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

  /** The volume cannot be attached to that machine. */
  public static final class AttachRefused extends HolderException {
    public AttachRefused(String name, String why) {
      super("attach " + name + ": " + why);
    }
  }

  /** The volume is not attached to that machine. */
  public static final class NotAttached extends HolderException {
    public NotAttached(String name, String machine) {
      super(
          "detach " + name + ": " + machine + " does not have it",
          "`keg inspect " + name + "` shows who has it and who had it");
    }
  }

  /** A running machine failed to do something. */
  public static final class MachineFailed extends HolderException {
    public MachineFailed(
        String operation,
        String name,
        String why,
        @Nullable String hint,
        @Nullable Throwable cause) {
      super(operation + " " + name + ": " + why, hint, cause);
    }
  }
}
