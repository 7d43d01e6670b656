package dev.keg.linux.publish;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.kernel.Propagation;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.mount.MountPropagation;
import dev.keg.linux.mount.Submounts;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Translates the options of a specification for the kernel. */
final class AccessFlags {
  private static final Map<String, MountFlag> LIFTED =
      Map.of(
          "rw", MountFlag.READ_ONLY,
          "suid", MountFlag.NOSUID,
          "dev", MountFlag.NODEV,
          "exec", MountFlag.NOEXEC,
          "atime", MountFlag.NOATIME,
          "diratime", MountFlag.NODIRATIME,
          "norelatime", MountFlag.RELATIME,
          "nostrictatime", MountFlag.STRICTATIME);

  // Options that are always in effect.
  private static final Set<String> NOTHING = Set.of("defaults", "async", "nomand");

  private AccessFlags() {}

  static Set<MountFlag> flags(Access access) {
    Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
    if (access.readOnly()) {
      flags.add(MountFlag.READ_ONLY);
    }
    for (Access.Restriction restriction : access.restrictions()) {
      flags.add(
          switch (restriction) {
            case NOEXEC -> MountFlag.NOEXEC;
            case NOSUID -> MountFlag.NOSUID;
            case NODEV -> MountFlag.NODEV;
            case NOATIME -> MountFlag.NOATIME;
            case NODIRATIME -> MountFlag.NODIRATIME;
          });
    }
    return flags;
  }

  static Submounts submounts(Access access) {
    return switch (access.recursion()) {
      case ENABLED -> Submounts.FLAGGED_IF_POSSIBLE;
      case DISABLED -> Submounts.LEFT_OUT;
      case WRITABLE -> Submounts.UNCHANGED;
      case READONLY -> Submounts.FLAGGED;
    };
  }

  static MountPropagation propagation(Access access) {
    return switch (access.propagation()) {
      case PRIVATE -> new MountPropagation(Propagation.PRIVATE, false);
      case RPRIVATE -> new MountPropagation(Propagation.PRIVATE, true);
      case SHARED -> new MountPropagation(Propagation.SHARED, false);
      case RSHARED -> new MountPropagation(Propagation.SHARED, true);
      case SLAVE -> new MountPropagation(Propagation.SLAVE, false);
      case RSLAVE -> new MountPropagation(Propagation.SLAVE, true);
    };
  }

  /** A tmpfs; of contradicting options, the last one wins. */
  static FileSystemMount memory(MountContent.Memory memory, Access access) {
    Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
    List<FileSystemOption> options = new ArrayList<>();
    for (String word : memory.options()) {
      Optional<MountFlag> flag = MountFlag.of(word);
      if (flag.isPresent()) {
        flags.add(flag.get());
      } else if (LIFTED.containsKey(word)) {
        flags.remove(LIFTED.get(word));
      } else if (!NOTHING.contains(word)) {
        options.add(option(word));
      }
    }
    flags.addAll(flags(access));
    return new FileSystemMount("tmpfs", "tmpfs", flags, options, propagation(access));
  }

  private static FileSystemOption option(String word) {
    int equals = word.indexOf('=');
    return equals < 0
        ? FileSystemOption.flag(word)
        : FileSystemOption.of(word.substring(0, equals), word.substring(equals + 1));
  }
}
