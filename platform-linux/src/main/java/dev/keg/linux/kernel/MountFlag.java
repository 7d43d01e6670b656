package dev.keg.linux.kernel;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The flags of a mount with their names in mount(8) and their numbers in mount(2) and
 * mount_setattr(2).
 */
public enum MountFlag {
  READ_ONLY("ro", 0x1, 0x1),
  NOSUID("nosuid", 0x2, 0x2),
  NODEV("nodev", 0x4, 0x4),
  NOEXEC("noexec", 0x8, 0x8),
  NOSYMFOLLOW("nosymfollow", 0x100, 0x200000),
  NOATIME("noatime", 0x400, 0x10),
  NODIRATIME("nodiratime", 0x800, 0x80),
  RELATIME("relatime", 0x200000, 0x0),
  STRICTATIME("strictatime", 0x1000000, 0x20);

  private static final long ST_RELATIME = 0x1000;

  private final String word;
  private final long legacy;
  private final long attribute;

  MountFlag(String word, long legacy, long attribute) {
    this.word = word;
    this.legacy = legacy;
    this.attribute = attribute;
  }

  public String word() {
    return word;
  }

  public static Optional<MountFlag> of(String word) {
    return Arrays.stream(values()).filter(flag -> flag.word.equals(word)).findFirst();
  }

  /** The MS_ number of mount(2). */
  public static long legacy(Set<MountFlag> flags) {
    return flags.stream().mapToLong(flag -> flag.legacy).reduce(0, (a, b) -> a | b);
  }

  /** The MOUNT_ATTR_ number of fsmount(2) and mount_setattr(2). */
  static long attributes(Set<MountFlag> flags) {
    return flags.stream().mapToLong(flag -> flag.attribute).reduce(0, (a, b) -> a | b);
  }

  /** The flags in the result of statfs(2). */
  static Set<MountFlag> ofStatfs(long number) {
    Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
    for (MountFlag flag : List.of(READ_ONLY, NOSUID, NODEV, NOEXEC, NOATIME, NODIRATIME)) {
      if ((number & flag.legacy) != 0) {
        flags.add(flag);
      }
    }
    if ((number & ST_RELATIME) != 0) {
      flags.add(RELATIME);
    }
    return flags;
  }

  /** Whether one of the flags sets access times, which are one field rather than separate bits. */
  static boolean setsAccessTimes(Set<MountFlag> flags) {
    return flags.contains(NOATIME) || flags.contains(RELATIME) || flags.contains(STRICTATIME);
  }
}
