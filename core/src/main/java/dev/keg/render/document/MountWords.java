package dev.keg.render.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Words of mount(8) that were given for several mounts: which of them a line takes. Those of the
 * kernel's own and of fstab fit every line, those of 9p its lines, those of tmpfs its lines, and
 * all others belong to the file system of a disk.
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
  // A disk may hold vfat or ntfs, whose files belong to whom the mount says.
  private static final Set<String> OF_DISKS_TOO = Set.of("uid", "gid", "mode");

  private MountWords() {}

  /** Whether a line of the type takes the word. */
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

  /** The words with each once: of those that set the same thing, the last. */
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
