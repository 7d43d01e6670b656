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

  /** A text that changes with each boot. */
  String bootId();

  /** A text that is different on each machine. */
  String hostId();

  /** What this machine calls itself. */
  default String hostName() {
    return hostId().isEmpty() ? "localhost" : hostId();
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
