package dev.keg.attachment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The mounts of the operating system. */
public interface MountTable {
  /** Every mount that this process sees, in the order in which they were made. */
  List<MountPoint> mounts();

  /** Whether this process sees a mount at the target. */
  default boolean isMounted(String target) {
    return mounts().stream().anyMatch(mount -> mount.target().toString().equals(target));
  }

  /**
   * A process in another mount namespace that has a mount at the target, which {@link #mounts} does
   * not include; empty on systems without mount namespaces.
   */
  default Optional<Long> processWith(Path target) {
    return Optional.empty();
  }

  /**
   * The mount that is visible at the path; empty if there is none, or if the system cannot tell
   * mounts apart.
   */
  default Optional<MountIdentity> identity(Path site) {
    return Optional.empty();
  }

  /**
   * Where this process now sees the mount that was made at the site; empty if it no longer sees it.
   * In another mount namespace than the original, the copy at the site counts.
   */
  default Optional<Path> find(MountIdentity mount, Path site) {
    return Optional.empty();
  }

  /** A copy of the current table, to answer many questions from one read. */
  default MountTable now() {
    return this;
  }

  /** How far to look for mounts. */
  enum Reach {
    /** Only the mounts that this process sees. Reads one mount table. */
    HERE,
    /** Also other mount namespaces. Looks at every process. */
    EVERYWHERE
  }

  /**
   * The mounts outside the directory that show something in it, or store their data there. They are
   * found by file system, whoever made them and wherever they were moved. Copies that the system
   * creates and removes along with a mount are left out.
   */
  default List<OutsideMount> mountsOutside(Path directory, Reach reach) {
    return List.of();
  }

  /** Discards what was read of other mount namespaces, so that the next call reads them again. */
  default void refresh() {}

  /** A text that changes with each boot. */
  String bootId();

  /**
   * Whether the process with this identification, recorded when it requested a mount, has
   * definitely ended; false if that cannot be determined from here.
   */
  default boolean hasEnded(String engine) {
    return false;
  }

  /** A text that is different on each machine. */
  String hostId();

  /** This machine's name. */
  default String hostName() {
    return hostId().isEmpty() ? "localhost" : hostId();
  }

  /**
   * A mount outside a directory that shows something in it.
   *
   * @param of the file or directory that it shows, or that stores its data
   * @param target its mount point, in the namespace that contains it
   * @param process a process that sees it, if it is in another mount namespace
   */
  record OutsideMount(Path of, String target, Optional<Long> process) {
    @Override
    public String toString() {
      return process.map(id -> target + " (seen by process " + id + ")").orElse(target);
    }
  }

  /**
   * A mount.
   *
   * @param target its mount point
   * @param source the device, share or other text that the file system names as its source
   * @param options the options of the mount and its file system, in the system's words
   */
  record MountPoint(Path target, String fileSystem, String source, List<String> options) {
    public MountPoint {
      options = List.copyOf(options);
    }
  }
}
