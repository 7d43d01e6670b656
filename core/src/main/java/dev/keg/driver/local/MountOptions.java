package dev.keg.driver.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The text of {@code o=}, split like docker does: the words that are flags of mount(2), and the
 * rest, which is passed to the file system unchanged.
 */
record MountOptions(long flags, String data) {
  static final long MS_RDONLY = 1;
  static final long MS_REMOUNT = 0x20;
  static final long MS_BIND = 0x1000;
  static final long MS_REC = 0x4000;
  static final long MS_SILENT = 0x8000;
  static final long MS_UNBINDABLE = 1 << 17;
  static final long MS_PRIVATE = 1 << 18;
  static final long MS_SLAVE = 1 << 19;
  static final long MS_SHARED = 1 << 20;
  static final long PROPAGATION = MS_UNBINDABLE | MS_PRIVATE | MS_SLAVE | MS_SHARED;

  private static final Map<String, Long> SET =
      Map.ofEntries(
          Map.entry("ro", MS_RDONLY),
          Map.entry("nosuid", 2L),
          Map.entry("nodev", 4L),
          Map.entry("noexec", 8L),
          Map.entry("sync", 0x10L),
          Map.entry("remount", MS_REMOUNT),
          Map.entry("mand", 0x40L),
          Map.entry("dirsync", 0x80L),
          Map.entry("noatime", 0x400L),
          Map.entry("nodiratime", 0x800L),
          Map.entry("bind", MS_BIND),
          Map.entry("rbind", MS_BIND | MS_REC),
          Map.entry("unbindable", MS_UNBINDABLE),
          Map.entry("runbindable", MS_UNBINDABLE | MS_REC),
          Map.entry("private", MS_PRIVATE),
          Map.entry("rprivate", MS_PRIVATE | MS_REC),
          Map.entry("slave", MS_SLAVE),
          Map.entry("rslave", MS_SLAVE | MS_REC),
          Map.entry("shared", MS_SHARED),
          Map.entry("rshared", MS_SHARED | MS_REC),
          Map.entry("relatime", 1L << 21),
          Map.entry("strictatime", 1L << 24));

  private static final Map<String, String> CLEAR =
      Map.ofEntries(
          Map.entry("rw", "ro"),
          Map.entry("suid", "nosuid"),
          Map.entry("dev", "nodev"),
          Map.entry("exec", "noexec"),
          Map.entry("async", "sync"),
          Map.entry("nomand", "mand"),
          Map.entry("atime", "noatime"),
          Map.entry("diratime", "nodiratime"),
          Map.entry("norelatime", "relatime"),
          Map.entry("nostrictatime", "strictatime"));

  /** The last word for a flag wins. */
  static MountOptions parse(String text) {
    long flags = 0;
    List<String> data = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      Long set = SET.get(word);
      String cleared = CLEAR.get(word);
      if (set != null) {
        flags |= set;
      } else if (cleared != null) {
        flags &= ~SET.getOrDefault(cleared, 0L);
      } else if (!word.equals("defaults")) {
        data.add(word);
      }
    }
    return new MountOptions(flags, String.join(",", data));
  }

  boolean has(long flag) {
    return (flags & flag) == flag;
  }

  /** The value of the first option of that name in the text. */
  static Optional<String> value(String text, String key) {
    return Arrays.stream(text.split(",", -1))
        .filter(word -> word.startsWith(key + "="))
        .map(word -> word.substring(key.length() + 1))
        .findFirst();
  }
}
