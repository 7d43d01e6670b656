package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.volume.VolumeAt;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** One requested mount of a container, checked and ready to be resolved. */
public sealed interface MountSpec {
  /** Parents before children, the order of mounting. */
  Comparator<MountSpec> PARENTS_FIRST = Comparator.comparingInt(spec -> depth(spec.target()));

  /** The depth of a path, on any platform. */
  static int depth(String path) {
    return (int) path.chars().filter(c -> c == '/' || c == '\\').count();
  }

  /** The target in the container, absolute and clean. */
  String target();

  Access access();

  /** The same mount with another access; a pipe is unchanged. */
  default MountSpec with(Access other) {
    return switch (this) {
      case Bind bind -> new Bind(bind.source, bind.target, other, bind.createSource);
      case Named named -> new Named(named.volume, named.subpath, named.target, other, named.copyUp);
      case Snapshot snapshot -> new Snapshot(snapshot.source, snapshot.target, other);
      case Tmpfs tmpfs -> new Tmpfs(tmpfs.target, tmpfs.options, other);
      case NamedPipe pipe -> pipe;
    };
  }

  /**
   * A file or directory of the host.
   *
   * @param createSource whether a missing source is created as a directory
   */
  record Bind(String source, String target, Access access, boolean createSource)
      implements MountSpec {
    public Bind {
      requirePath("source", source);
      requirePath("target", target);
    }
  }

  /**
   * A volume.
   *
   * @param subpath the directory or file in the volume to mount; empty for the whole volume
   * @param copyUp whether an empty volume is first filled with the content of the target
   */
  record Named(WantedVolume volume, String subpath, String target, Access access, boolean copyUp)
      implements MountSpec {
    public Named {
      requirePath("target", target);
    }
  }

  /**
   * A snapshot of a volume, which nobody can write to.
   *
   * @param source names a snapshot
   */
  record Snapshot(VolumeAt source, String target, Access access) implements MountSpec {
    public Snapshot {
      requirePath("target", target);
      if (source.at().isEmpty()) {
        throw new IllegalArgumentException("a snapshot has a name");
      }
      if (access.relabel().isPresent()) {
        throw new InvalidSpec("%s: a snapshot keeps its SELinux labels".formatted(source));
      }
      if (!access.shared().isEmpty()) {
        throw new InvalidSpec(
            "%s: a snapshot shares its file system: leave out %s"
                .formatted(source, String.join(", ", new TreeSet<>(access.shared()))));
      }
      access = access.withReadOnly(true);
    }

    /** The same mount of another snapshot. */
    public Snapshot of(VolumeAt other) {
      return new Snapshot(other, target, access);
    }
  }

  /**
   * Memory whose content is lost at the unmount.
   *
   * @param options options of the file system, such as {@code size=1m}, in order
   */
  record Tmpfs(String target, List<String> options, Access access) implements MountSpec {
    public Tmpfs {
      requirePath("target", target);
      options = List.copyOf(options);
    }
  }

  /** A named pipe of a Windows host. */
  record NamedPipe(String source, String target) implements MountSpec {
    public NamedPipe {
      requirePath("source", source);
      requirePath("target", target);
    }

    @Override
    public Access access() {
      return Access.DEFAULT;
    }
  }

  private static void requirePath(String what, String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a mount has a " + what);
    }
  }
}
