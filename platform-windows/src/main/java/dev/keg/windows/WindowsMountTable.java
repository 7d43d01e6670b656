package dev.keg.windows;

import dev.keg.attachment.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Predicate;

/**
 * What can be told of mounts on Windows without a native call: whether a directory has a volume on
 * it. Of a share only its record tells. There is no id of a boot; what a mount leaves behind over
 * one is taken for a mount until it is unmounted.
 */
public final class WindowsMountTable implements MountTable {
  private static final String SHARE = "\\\\";

  private final Predicate<Path> leadsElsewhere;

  public WindowsMountTable() {
    this(WindowsMountTable::isReparsePoint);
  }

  WindowsMountTable(Predicate<Path> leadsElsewhere) {
    this.leadsElsewhere = leadsElsewhere;
  }

  /** None: who asks for one place asks by {@link #isMounted}. */
  @Override
  public List<MountPoint> mounts() {
    return List.of();
  }

  @Override
  public boolean isMounted(String target) {
    return target.startsWith(SHARE) || leadsElsewhere.test(Path.of(target));
  }

  // Java calls a directory on which a volume is mounted something other as well.
  private static boolean isReparsePoint(Path path) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory() && attributes.isOther();
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public String bootId() {
    return "";
  }

  @Override
  public String hostId() {
    return System.getenv().getOrDefault("COMPUTERNAME", "");
  }
}
