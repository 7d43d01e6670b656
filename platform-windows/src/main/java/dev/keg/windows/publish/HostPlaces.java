package dev.keg.windows.publish;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.file.FileFailures;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import dev.keg.windows.win32.MountPoints;
import dev.keg.windows.win32.VolumeGuidPath;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.file.AdministratorsDirectory;
import dev.keg.windows.win32.file.PinnedDirectory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Directories and drive letters of the host. A disk's volume is mounted directly; another directory
 * is shown by a junction or, on a drive letter, by a device of the session. A read-only mount of a
 * writable source goes through a read-only link of Windows, of which only a dangling junction
 * remains after a reboot.
 */
final class HostPlaces {
  private static final String LINK = "keg-read-only-";

  private final Windows windows;
  private final Path links;

  /**
   * @param links the directory for read-only links. After a reboot, junctions lead to missing paths
   *     in it, so only administrators may create anything there.
   */
  HostPlaces(Windows windows, Path links) {
    this.windows = windows;
    this.links = links;
  }

  /** Refuses a part of a volume that leads outside it. */
  static void requireWithin(MountContent.Tree tree, PinnedDirectory part, String site)
      throws Win32Exception {
    if (!part.isWithin(tree.root())) {
      throw new MountFailed(
          "mount", site, "it leads out of the volume: " + part.path(), "try again");
    }
  }

  void mount(MountContent.Tree tree, Path source, Path site, Access access) throws Win32Exception {
    Optional<VolumeGuidPath> volume =
        tree.subpath().isEmpty() ? windows.mountPoints().mounted(source) : Optional.empty();
    if (access.readOnly() && (volume.isEmpty() || windows.volumes().isWritable(volume.get()))) {
      showReadOnly(tree, source, site);
    } else if (volume.isPresent()) {
      removeDangling(site);
      windows.mountPoints().mount(volume.get(), site);
    } else {
      removeDanglingLink(site);
      windows.mountPoints().show(source, site);
      if (!tree.subpath().isEmpty() && !MountPoints.isLetter(site.toString())) {
        requireLeadsTo(source, site);
      }
    }
  }

  private void showReadOnly(MountContent.Tree tree, Path source, Path site) throws Win32Exception {
    removeDanglingLink(site);
    if (tree.subpath().isEmpty()) {
      showReadOnly(source, site);
      return;
    }
    try (PinnedDirectory part = PinnedDirectory.of(windows.dlls(), source)) {
      requireWithin(tree, part, site.toString());
      showReadOnly(part.path(), site);
    }
  }

  private void showReadOnly(Path directory, Path site) throws Win32Exception {
    new AdministratorsDirectory(windows.dlls()).make(links);
    Path link = links.resolve(LINK + UUID.randomUUID());
    try {
      windows.bindLinks().create(directory, link);
    } catch (Win32Exception e) {
      if (e.code() == Win32Error.MOD_NOT_FOUND) {
        throw onlyDisks(site);
      }
      throw e;
    }
    try {
      windows.mountPoints().show(link, site);
    } catch (Win32Exception e) {
      removeAfter(e, link);
      throw e;
    }
  }

  private static MountFailed onlyDisks(Path site) {
    return new MountFailed(
        "mount",
        site.toString(),
        "this version of Windows makes only whole disks read-only, which nobody has mounted for"
            + " writing",
        "Windows 11 24H2 and Windows Server 2025 can do it; elsewhere mount a volume of driver vhdx"
            + " read-only before anybody mounts it for writing");
  }

  private void removeAfter(Win32Exception cause, Path link) {
    try {
      windows.bindLinks().remove(link);
    } catch (Win32Exception e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * A junction is a path, and somebody with write access to the volume may have redirected it
   * meanwhile.
   */
  private void requireLeadsTo(Path source, Path site) throws Win32Exception {
    Path shown = FileFailures.translate("mount", site, site::toRealPath);
    if (!shown.equals(source)) {
      windows.mountPoints().hide(site);
      throw new MountFailed(
          "mount", site.toString(), "it leads out of the volume: " + shown, "try again");
    }
  }

  /** Removes the mount point of a detached disk, which the core does not count as a mount. */
  private void removeDangling(Path site) throws Win32Exception {
    if (windows.mountPoints().mounted(site).isPresent()) {
      windows.mountPoints().unmount(site);
    } else {
      removeDanglingLink(site);
    }
  }

  /** The same for a junction to a read-only link that ended with a reboot. */
  private void removeDanglingLink(Path site) throws Win32Exception {
    if (link(site).isPresent()) {
      hide(site);
    }
  }

  private Optional<Path> link(Path site) throws Win32Exception {
    return windows
        .mountPoints()
        .shown(site)
        .filter(path -> String.valueOf(path.getFileName()).startsWith(LINK));
  }

  void withdraw(Path site) throws Win32Exception {
    if (windows.mountPoints().mounted(site).isPresent()) {
      windows.mountPoints().unmount(site);
    } else {
      hide(site);
    }
  }

  /** If this is killed halfway, the place counts as free, and the next attempt continues. */
  private void hide(Path site) throws Win32Exception {
    Optional<Path> link = link(site);
    if (link.isPresent()) {
      windows.bindLinks().remove(link.get());
    }
    windows.mountPoints().hide(site);
  }
}
