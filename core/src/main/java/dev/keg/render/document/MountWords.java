package dev.keg.render.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Options of mount(8) given for several mounts, and the lines to which each applies: options of the
 * kernel and of fstab to every line, those of 9p and tmpfs to their lines, and all others to the
 * file systems of disks.
 */
final class MountWords {
  private static final Set<String> OF_ALL =
      Set.of(
          "ro",
          "rw",
          "atime",
          "noatime",
          "diratime",
          "nodiratime",
          "relatime",
          "norelatime",
          "strictatime",
          "nostrictatime",
          "lazytime",
          "nolazytime",
          "sync",
          "async",
          "dirsync",
          "suid",
          "nosuid",
          "dev",
          "nodev",
          "exec",
          "noexec",
          "private",
          "rprivate",
          "shared",
          "rshared",
          "slave",
          "rslave",
          "unbindable",
          "runbindable",
          "nosymfollow",
          "auto",
          "noauto",
          "nofail",
          "user",
          "nouser",
          "users",
          "owner",
          "group",
          "_netdev",
          "defaults",
          "comment");
  private static final Set<String> OF_9P =
      Set.of(
          "trans",
          "version",
          "msize",
          "cache",
          "access",
          "posixacl",
          "noxattr",
          "uname",
          "aname",
          "dfltuid",
          "dfltgid",
          "cachetag",
          "locktimeout",
          "afid",
          "debug",
          "ignoreqv",
          "directio",
          "nodevmap",
          "mmap",
          "fscache",
          "loose");
  private static final Set<String> OF_MEMORY =
      Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "huge", "mpol");
  // A disk may contain vfat or ntfs, where the mount options decide who owns the files.
  private static final Set<String> OF_DISKS_TOO = Set.of("uid", "gid", "mode");

  private MountWords() {}

  /** Whether the word applies to a line of this type. */
  static boolean fits(String word, String type) {
    String key = key(word);
    if (OF_ALL.contains(key) || key.startsWith("x-") || key.startsWith("X-")) {
      return true;
    }
    return switch (type) {
      case "9p" -> OF_9P.contains(key);
      case "tmpfs" -> OF_MEMORY.contains(key);
      case "none" -> false;
      default -> OF_DISKS_TOO.contains(key) || !(OF_9P.contains(key) || OF_MEMORY.contains(key));
    };
  }

  /** The words without repetitions; of words for the same setting, the last one. */
  static List<String> once(List<String> words) {
    SequencedMap<String, String> once = new LinkedHashMap<>();
    words.forEach(word -> once.put(word.startsWith("x-") ? word : key(word), word));
    return new ArrayList<>(once.values());
  }

  private static String key(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }
}
