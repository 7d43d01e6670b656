package dev.keg.error;

import org.jspecify.annotations.Nullable;

/** Errors of volumes that move to another host or pool. */
public abstract sealed class MoveException extends VolumeException {
  private MoveException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }

  /** A move was not completed. */
  public static final class MoveFailed extends MoveException {
    public MoveFailed(String name, String why, @Nullable String hint) {
      this(name, why, hint, null);
    }

    public MoveFailed(String name, String why, @Nullable String hint, @Nullable Throwable cause) {
      super("move " + name + ": " + why, hint, cause);
    }
  }

  /** The other host has the volume, so it can be neither taken back nor used here. */
  public static final class Taken extends MoveException {
    public Taken(String name, String destination) {
      super(
          "move %s: %s has taken the volume".formatted(name, destination),
          "`keg move %s` completes the move; `keg move` there moves it back".formatted(name),
          null);
    }
  }

  /** Another command moves the volume now. */
  public static final class BeingMoved extends MoveException {
    public BeingMoved(String operation, String name) {
      super(
          operation + " " + name + ": the volume is being moved",
          "try again when `keg move` has ended",
          null);
    }
  }

  /** The volume was handed over, and only the other host knows whether it arrived. */
  public static final class MovedAway extends MoveException {
    public MovedAway(String operation, String name, String destination) {
      super(
          "%s %s: the volume is moving to %s, which may use it already"
              .formatted(operation, name, destination),
          "`keg move %s` completes the move, `keg move --undo %s` takes it back"
              .formatted(name, name),
          null);
    }
  }

  /** The volume was archived, and is not usable before it is restored. */
  public static final class Archived extends MoveException {
    public Archived(String operation, String name, String repository) {
      super(
          "%s %s: the volume is archived in %s".formatted(operation, name, repository),
          "`keg move %s --pool default` restores it; any other pool also works".formatted(name),
          null);
    }
  }

  /** The volume has not arrived yet. */
  public static final class NotArrived extends MoveException {
    public NotArrived(String operation, String name, String host) {
      super(
          "%s %s: the volume is still arriving from %s".formatted(operation, name, host),
          "run `keg move` on %s again to complete it; `keg rm %s` removes what has arrived"
              .formatted(host, name),
          null);
    }
  }
}
