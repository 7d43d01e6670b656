package dev.keg.attachment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the operating system has mounted. */
public interface MountTable {
  /** Every mount that this process sees, the latest last. */
  List<MountPoint> mounts();

  /** Whether this process sees something mounted there. */
  default boolean isMounted(String target) {
    return mounts().stream().anyMatch(mount -> mount.target().toString().equals(target));
  }

  /**
   * A process that has something mounted there in a mount namespace of its own, which {@link
   * #mounts} says nothing of; where there is no such thing, none.
   */
  default Optional<Long> processWith(Path target) {
    return Optional.empty();
  }

  /**
   * Which mount is seen at the path; empty if none is, or if the system cannot tell mounts apart.
   */
  default Optional<MountIdentity> identity(Path site) {
    return Optional.empty();
  }

  /**
   * Where this process sees the mount now, which was made at the site; empty if it sees it no more.
   * In another mount namespace than the one it was made in, its copy at the site counts.
   */
  default Optional<Path> find(MountIdentity mount, Path site) {
    return Optional.empty();
  }

  /** The same as it is now, for many questions that take one look at the mount table. */
  default MountTable now() {
    return this;
  }

  /** How far to look for mounts. */
  enum Reach {
    /** As far as this process sees. Takes one look at a mount table. */
    HERE,
    /** Also in the mount namespaces of other processes. Takes a look at each process. */
    EVERYWHERE
  }

  /**
   * The mounts that show something below the directory, or that keep their data there, but are not
   * below it themselves: by file system, so it does not matter who made them and where they were
   * moved. Copies that the system makes of a mount, and takes away with it, are left out.
   */
  default List<Sighting> sightings(Path directory, Reach reach) {
    return List.of();
  }

  /** Forgets what was seen of other mount namespaces, so that the next question looks again. */
  default void refresh() {}

  /** A text that changes with each boot. */
  String bootId();

  /**
   * Whether the process that called itself so when it asked for a mount has ended for sure; false
   * if that cannot be told from here.
   */
  default boolean hasEnded(String engine) {
    return false;
  }

  /** A text that is different on each machine. */
  String hostId();

  /** What this machine calls itself. */
  default String hostName() {
    return hostId().isEmpty() ? "localhost" : hostId();
  }

  /**
   * A mount outside a directory of what is in it.
   *
   * @param of the file or directory that it shows, or that holds its data
   * @param target where it is, as who sees it calls that
   * @param process one that sees it, if that is in another mount namespace
   */
  record Sighting(Path of, String target, Optional<Long> process) {
    @Override
    public String toString() {
      return process.map(id -> target + " (seen by process " + id + ")").orElse(target);
    }
  }

  /**
   * One mount.
   *
   * @param target where it is
   * @param source the device, share or word that the file system calls its source
   * @param options of this mount and of its file system, in the system's words
   */
  record MountPoint(Path target, String fileSystem, String source, List<String> options) {
    public MountPoint {
      options = List.copyOf(options);
    }
  }
}
