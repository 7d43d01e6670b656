package dev.keg.windows.driver;

import dev.keg.error.VolumeException;
import dev.keg.file.FreeSpace;
import dev.keg.volume.Size;
import dev.keg.windows.win32.DiskVolumes;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.MountPoints;
import dev.keg.windows.win32.PhysicalDisk;
import dev.keg.windows.win32.VirtualDisks;
import dev.keg.windows.win32.VirtualDisks.Access;
import dev.keg.windows.win32.VirtualDisks.Effort;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.VolumeGuidPath;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A virtual disk whose volume is mounted on a directory. */
public final class ShownDisk {
  /** The space that must stay free on the host. */
  private static final long HOST_MARGIN = 64 << 20;

  private final Windows windows;
  private final Path file;
  private final Path directory;

  public ShownDisk(Windows windows, Path file, Path directory) {
    this.windows = windows;
    this.file = file;
    this.directory = directory;
  }

  /** Additional work on a new or locked volume while its disk is attached. */
  @FunctionalInterface
  public interface VolumeWork {
    /** No additional work. */
    VolumeWork NONE = _ -> {};

    void run(VolumeGuidPath volume) throws Win32Exception, IOException;
  }

  /**
   * Partitions and formats a new disk. The disk is attached only while this process lives, so after
   * a kill its file is not in use and can be deleted.
   *
   * @param more runs after formatting
   */
  public void format(VolumeFormat format, String name, Grants grants, VolumeWork more)
      throws Win32Exception, IOException {
    try (VirtualDisks.AttachedDisk held = windows.disks().hold(file)) {
      windows.partitions().create(held.disk());
      VolumeGuidPath volume = windows.volumes().await(held.disk());
      windows.volumes().format(volume, format, name);
      if (format == VolumeFormat.NTFS || format == VolumeFormat.REFS) {
        windows.security().restrict(volume, grants);
      }
      more.run(volume);
    }
  }

  /**
   * Attaches the disk and mounts its volume, until {@link #hide} or a reboot. Does nothing if it is
   * already mounted; a disk that was attached read-only is not writable meanwhile.
   *
   * @param unlock runs if the volume is locked
   */
  public void show(Access access, VolumeWork unlock) throws Win32Exception, IOException {
    Optional<PhysicalDisk> before = windows.disks().attached(file);
    PhysicalDisk disk = before.isPresent() ? before.get() : windows.disks().attach(file, access);
    try {
      if (before.isPresent() && access == Access.READ_WRITE) {
        requireWritable(windows.volumes().await(disk));
      }
      windows.partitions().online(disk, access);
      VolumeGuidPath volume = windows.volumes().await(disk);
      unlock(volume, unlock);
      show(volume);
    } catch (Win32Exception | IOException | VolumeException e) {
      if (before.isEmpty()) {
        detachAfter(e);
      }
      throw e;
    }
  }

  /** Whether the volume of the attached disk is encrypted and still locked. */
  public boolean isLocked() throws Win32Exception {
    Optional<VolumeGuidPath> volume = volume(attached());
    return volume.isPresent() && windows.volumes().isLocked(volume.get());
  }

  private void unlock(VolumeGuidPath volume, VolumeWork unlock) throws Win32Exception, IOException {
    if (windows.volumes().isLocked(volume)) {
      unlock.run(volume);
    }
  }

  private void requireWritable(VolumeGuidPath volume) throws Win32Exception {
    if (!windows.volumes().isWritable(volume)) {
      throw new Win32Exception("write to", file.toString(), Win32Error.WRITE_PROTECT);
    }
  }

  private void show(VolumeGuidPath volume) throws Win32Exception {
    MountPoints points = windows.mountPoints();
    Optional<VolumeGuidPath> shown = points.mounted(directory);
    if (shown.isPresent() && !shown.get().equals(volume)) {
      points.unmount(directory);
    }
    if (!shown.equals(Optional.of(volume))) {
      points.mount(volume, directory);
    }
  }

  private void detachAfter(Exception cause) {
    try {
      windows.disks().detach(file);
    } catch (Win32Exception e) {
      cause.addSuppressed(e);
    }
  }

  private Optional<PhysicalDisk> attached() throws Win32Exception {
    return Files.exists(file) ? windows.disks().attached(file) : Optional.empty();
  }

  private Optional<VolumeGuidPath> volume(Optional<PhysicalDisk> disk) throws Win32Exception {
    return disk.isPresent() ? windows.volumes().find(disk.get()) : Optional.empty();
  }

  /** Unmounts the volume and detaches the disk. Fails while files on it are open. */
  public void hide() throws Win32Exception {
    hide(false);
  }

  /** The same, but may close the files. */
  public void hide(boolean force) throws Win32Exception {
    Optional<PhysicalDisk> disk = attached();
    Optional<VolumeGuidPath> volume = volume(disk);
    if (volume.isPresent()) {
      try (DiskVolumes.Locked _ = lock(volume.get(), force)) {
        takeAway(disk);
      }
    } else {
      takeAway(disk);
    }
  }

  private DiskVolumes.Locked lock(VolumeGuidPath volume, boolean force) throws Win32Exception {
    return force ? windows.volumes().lockByForce(volume) : windows.volumes().lock(volume);
  }

  private void takeAway(Optional<PhysicalDisk> disk) throws Win32Exception {
    if (windows.mountPoints().mounted(directory).isPresent()) {
      windows.mountPoints().unmount(directory);
    }
    if (disk.isPresent()) {
      windows.disks().detach(file);
    }
  }

  /**
   * Trims the file system, and returns its unused space to the host. With full effort, space that
   * cannot be trimmed is overwritten with zeros. A disk without a data partition is searched for
   * blocks of zeros.
   */
  public void compact(Effort effort) throws Win32Exception, IOException {
    try {
      trim(effort);
      compactTrimmed(effort);
    } catch (Win32Exception e) {
      if (e.code() != Win32Error.NOT_FOUND) {
        throw e;
      }
      windows.disks().compact(file);
    }
  }

  private void trim(Effort effort) throws Win32Exception, IOException {
    try (VirtualDisks.AttachedDisk held = windows.disks().hold(file)) {
      windows.partitions().online(held.disk(), Access.READ_WRITE);
      VolumeGuidPath volume = windows.volumes().await(held.disk());
      show(volume);
      try {
        boolean trimmed = windows.trim(directory);
        if (!trimmed && effort == Effort.FULL && !windows.volumes().isLocked(volume)) {
          zero(windows.volumes().room(volume));
        }
      } finally {
        windows.mountPoints().unmount(directory);
      }
      // Compacting trusts what the file system records about unused blocks.
      windows.volumes().lock(volume).close();
    }
  }

  private void zero(Size free) throws IOException {
    requireRoom(free, FreeSpace.at(file.resolveSibling("")));
    Zeros.fill(directory, free.bytes());
  }

  /**
   * Requires space for the blocks that are written, which take space on the host until the disk is
   * compacted, and a reserve for the host itself.
   */
  static void requireRoom(Size free, Size room) throws IOException {
    if (free.bytes() > room.bytes() - HOST_MARGIN) {
      throw new IOException(
          "overwriting its unused space takes %s; the host has %s free, and %s must stay free"
              .formatted(free.human(), room.human(), new Size(HOST_MARGIN).human()));
    }
  }

  private void compactTrimmed(Effort effort) throws Win32Exception {
    try (VirtualDisks.AttachedDisk held = windows.disks().hold(file, Access.READ_ONLY)) {
      windows.partitions().online(held.disk(), Access.READ_ONLY);
      // For a locked volume, Windows knows only what was trimmed while it was unlocked.
      VolumeGuidPath _ = windows.volumes().await(held.disk());
      held.compact(effort);
    }
  }

  /** The reason why the volume cannot grow, if there is one. */
  public Optional<String> obstacleToGrowth(VolumeWork unlock) throws Win32Exception, IOException {
    Optional<PhysicalDisk> disk = windows.disks().attached(file);
    if (disk.isPresent()) {
      return windows.volumes().obstacleToGrowth(disk.get());
    }
    try (VirtualDisks.AttachedDisk held = windows.disks().hold(file)) {
      windows.partitions().online(held.disk(), Access.READ_WRITE);
      unlock(windows.volumes().await(held.disk()), unlock);
      return windows.volumes().obstacleToGrowth(held.disk());
    }
  }

  /** Extends disk, partition and file system. Does nothing if they already have that size. */
  public void grow(Size size, VolumeWork unlock) throws Win32Exception, IOException {
    if (windows.disks().size(file).compareTo(size) < 0) {
      windows.disks().expand(file, size);
    }
    Optional<PhysicalDisk> disk = windows.disks().attached(file);
    if (disk.isPresent()) {
      windows.volumes().grow(disk.get());
      return;
    }
    try (VirtualDisks.AttachedDisk held = windows.disks().hold(file)) {
      windows.partitions().online(held.disk(), Access.READ_WRITE);
      unlock(windows.volumes().await(held.disk()), unlock);
      windows.volumes().grow(held.disk());
    }
  }
}
