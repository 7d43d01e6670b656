package dev.keg.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors of pools, the directories on other disks that contain volumes of a root. */
public abstract sealed class PoolException extends VolumeException {
  private PoolException(String message, @Nullable String hint) {
    super(message, hint, null);
  }

  /** The root has no pool of that name. */
  public static final class NoSuchPool extends PoolException {
    /** The pool of a volume was removed from the root's file. */
    public NoSuchPool(String volume, String pool) {
      super(
          "volume %s is in pool %s, which this root does not have".formatted(volume, pool),
          "`keg pool add` adds it again");
    }

    public NoSuchPool(String pool) {
      super("no such pool: " + pool, "`keg pool` lists the pools, `keg pool add` adds one");
    }
  }

  /**
   * The directory of a pool is not the expected one: its disk is not mounted, or another one is.
   */
  public static final class PoolMissing extends PoolException {
    private static final String HINT = "mount its disk; its volumes are unchanged";

    public PoolMissing(String pool, String directory, String why) {
      super("pool %s is missing: %s: %s".formatted(pool, directory, why), HINT);
    }

    public PoolMissing(String volume, String pool, String directory, String why) {
      super(
          "volume %s is in pool %s, which is missing: %s: %s"
              .formatted(volume, pool, directory, why),
          HINT);
    }
  }

  /** A volume cannot be created in a pool that keeps its volumes' data in a repository. */
  public static final class PoolIsArchive extends PoolException {
    public PoolIsArchive(String volume, String pool) {
      super(
          "create %s: pool %s is an archive".formatted(volume, pool),
          "create it in another pool; `keg move %s --pool %s` archives it".formatted(volume, pool));
    }
  }

  /** The pool cannot be added. */
  public static final class PoolRefused extends PoolException {
    public PoolRefused(String pool, String why, @Nullable String hint) {
      super("pool add %s: %s".formatted(pool, why), hint);
    }
  }

  /** The volume contains the repository of an archive. */
  public static final class HasArchive extends PoolException {
    public HasArchive(String operation, String volume, String pool) {
      super(
          "%s %s: the repository of archive %s is in it".formatted(operation, volume, pool),
          "bring its volumes back first: keg move VOLUME --pool default");
    }
  }

  /** The pool cannot be removed. */
  public static final class PoolInUse extends PoolException {
    public PoolInUse(String pool, List<String> volumes) {
      super(
          "pool rm %s: it has volumes - [%s]".formatted(pool, String.join(", ", volumes)),
          "move them first: keg move VOLUME --pool default");
    }
  }
}
