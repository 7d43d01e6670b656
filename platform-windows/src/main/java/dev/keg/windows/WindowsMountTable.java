package dev.keg.windows;

import dev.keg.attachment.MountIdentity;
import dev.keg.attachment.MountTable;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.windows.publish.ContainerMappings;
import dev.keg.windows.publish.ContainerSite;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.MountPoints;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.system.SystemDlls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The mounts on directories and drive letters. A share counts as mounted while it is recorded, and
 * a place in a container during that run of the container. A directory keeps its mount point across
 * a reboot, but the boot id shows that the mount is void.
 */
public final class WindowsMountTable implements MountTable {
  private static final String SHARE = "\\\\";

  private final Predicate<Path> leadsElsewhere;

  private final Supplier<Set<Path>> letters;
  private final Supplier<Dlls> dlls;
  private @Nullable String bootId;

  public WindowsMountTable() {
    this(WindowsMountTable::isReparsePoint, WindowsMountTable::drives, SystemDlls::new);
  }

  WindowsMountTable(
      Predicate<Path> leadsElsewhere, Supplier<Set<Path>> letters, Supplier<Dlls> dlls) {
    this.leadsElsewhere = leadsElsewhere;
    this.letters = letters;
    this.dlls = dlls;
  }

  /** The volumes of disks. To Windows, a directory shown by a junction is not a mount. */
  @Override
  public List<MountPoint> mounts() {
    try {
      return new Windows(dlls.get())
          .mountPoints().all().stream()
              .map(
                  mounted ->
                      new MountPoint(mounted.place(), "", mounted.volume().path(), List.of()))
              .toList();
    } catch (Win32Exception e) {
      throw new MountFailed("examine", "mounts", e.what(), null, e);
    }
  }

  @Override
  public boolean isMounted(String target) {
    if (MountPoints.isLetter(target)) {
      return letters.get().contains(Path.of(target.substring(0, 2) + "\\"));
    }
    Optional<ContainerSite> place = ContainerSite.of(target);
    if (place.isPresent()) {
      return runs(place.get());
    }
    return target.startsWith(SHARE) || leadsElsewhere.test(Path.of(target));
  }

  /**
   * Identified by what the place leads to: a volume or a directory. Shares and containers have no
   * such name.
   */
  @Override
  public Optional<MountIdentity> identity(Path site) {
    try {
      return leadsTo(site);
    } catch (Win32Exception _) {
      return Optional.empty();
    }
  }

  private Optional<MountIdentity> leadsTo(Path site) throws Win32Exception {
    return site.toString().startsWith(SHARE)
        ? Optional.empty()
        : new Windows(dlls.get())
            .mountPoints()
            .leadsTo(site)
            .map(target -> new MountIdentity(0, 0, target, ""));
  }

  /**
   * Mounts cannot be moved here, so it is either there or gone; a place that cannot be examined
   * counts as having it.
   */
  @Override
  public Optional<Path> find(MountIdentity mount, Path site) {
    try {
      return leadsTo(site).filter(mount::equals).map(_ -> site);
    } catch (Win32Exception _) {
      return Optional.of(site);
    }
  }

  // If a container cannot be queried, its mapping counts as existing, unless this host runs no
  // containers.
  private boolean runs(ContainerSite site) {
    try {
      return new ContainerMappings(new Windows(dlls.get()).systems()).runs(site);
    } catch (Win32Exception e) {
      return e.code() != Win32Error.MOD_NOT_FOUND;
    }
  }

  // Java also reports a directory with a mounted volume as "other".
  private static boolean isReparsePoint(Path path) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory() && attributes.isOther() && !isDangling(path);
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Whether it is the mount point of a disk that was detached, or not attached again after a
   * reboot. One that is unreadable for another reason, such as a locked volume, counts as existing.
   */
  static boolean isDangling(Path path) {
    try (DirectoryStream<Path> _ = Files.newDirectoryStream(path)) {
      return false;
    } catch (NoSuchFileException _) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static Set<Path> drives() {
    Set<Path> drives = new HashSet<>();
    FileSystems.getDefault().getRootDirectories().forEach(drives::add);
    return drives;
  }

  /** Called only when a mount is recorded, so other commands load no native library. */
  @Override
  public synchronized String bootId() {
    if (bootId == null) {
      try {
        bootId = new Windows(dlls.get()).bootId();
      } catch (Win32Exception e) {
        throw new MountFailed("examine", "mounts", e.what(), null, e);
      }
    }
    return bootId;
  }

  @Override
  public String hostId() {
    return System.getenv().getOrDefault("COMPUTERNAME", "");
  }
}
