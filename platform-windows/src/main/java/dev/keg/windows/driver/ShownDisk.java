package dev.keg.windows.driver;

import dev.keg.volume.Size;
import dev.keg.windows.win32.DiskVolumes;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.MountPoints;
import dev.keg.windows.win32.PhysicalDisk;
import dev.keg.windows.win32.VirtualDisks;
import dev.keg.windows.win32.VirtualDisks.Access;
import dev.keg.windows.win32.VirtualDisks.Effort;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.VolumeId;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A virtual disk whose volume is mounted on a directory. */
public final class ShownDisk {
  private final Windows windows;
  private final Path file;
  private final Path directory;

  public ShownDisk(Windows windows, Path file, Path directory) {
    this.windows = windows;
    this.file = file;
    this.directory = directory;
  }

  /**
   * Partitions and formats a new disk. The disk is attached only while this process lives, so a
   * kill leaves a file that is not in use and can be deleted.
   */
  public void format(VolumeFormat format, String name, Grants grants) throws Win32Exception {
    format(format, name, grants, false);
  }

  /**
   * The same.
   *
   * @param integrity whether ReFS keeps checksums of the data of files
   */
  public void format(VolumeFormat format, String name, Grants grants, boolean integrity)
      throws Win32Exception {
    try (VirtualDisks.Held held = windows.disks().hold(file)) {
      windows.partitions().create(held.disk());
      VolumeId volume = windows.volumes().await(held.disk());
      windows.volumes().format(volume, format, name);
      if (integrity) {
        windows.volumes().protectFromRot(volume);
      }
      if (format == VolumeFormat.NTFS || format == VolumeFormat.REFS) {
        windows.security().restrict(volume, grants);
      }
    }
  }

  /**
   * Attaches the disk and mounts its volume, until {@link #hide} or a reboot. Does nothing if that
   * was done before; a disk that was attached to be read cannot be written to meanwhile.
   */
  public void show(Access access) throws Win32Exception {
    Optional<PhysicalDisk> before = windows.disks().attached(file);
    PhysicalDisk disk = before.isPresent() ? before.get() : windows.disks().attach(file, access);
    try {
      if (before.isPresent() && access == Access.READ_WRITE) {
        requireWritable(windows.volumes().await(disk));
      }
      windows.partitions().online(disk, access);
      show(windows.volumes().await(disk));
    } catch (Win32Exception e) {
      if (before.isEmpty()) {
        detachAfter(e);
      }
      throw e;
    }
  }

  private void requireWritable(VolumeId volume) throws Win32Exception {
    if (!windows.volumes().isWritable(volume)) {
      throw new Win32Exception("write to", file.toString(), Win32Error.WRITE_PROTECT);
    }
  }

  private void show(VolumeId volume) throws Win32Exception {
    MountPoints points = windows.mountPoints();
    Optional<VolumeId> shown = points.mounted(directory);
    if (shown.isPresent() && !shown.get().equals(volume)) {
      points.unmount(directory);
    }
    if (!shown.equals(Optional.of(volume))) {
      points.mount(volume, directory);
    }
  }

  private void detachAfter(Win32Exception cause) {
    try {
      windows.disks().detach(file);
    } catch (Win32Exception e) {
      cause.addSuppressed(e);
    }
  }

  private Optional<PhysicalDisk> attached() throws Win32Exception {
    return Files.exists(file) ? windows.disks().attached(file) : Optional.empty();
  }

  private Optional<VolumeId> volume(Optional<PhysicalDisk> disk) throws Win32Exception {
    return disk.isPresent() ? windows.volumes().find(disk.get()) : Optional.empty();
  }

  /** Unmounts the volume and detaches the disk. Fails while files on it are open. */
  public void hide() throws Win32Exception {
    hide(windows.volumes()::lock);
  }

  /** The same, but closes the files. */
  public void hideByForce() throws Win32Exception {
    hide(windows.volumes()::lockByForce);
  }

  private interface Locking {
    DiskVolumes.Locked lock(VolumeId volume) throws Win32Exception;
  }

  private void hide(Locking locking) throws Win32Exception {
    Optional<PhysicalDisk> disk = attached();
    Optional<VolumeId> volume = volume(disk);
    if (volume.isPresent()) {
      try (DiskVolumes.Locked _ = locking.lock(volume.get())) {
        takeAway(disk);
      }
    } else {
      takeAway(disk);
    }
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
   * Returns what the file system does not use to the host. A disk without a data partition is
   * searched for blocks of zeros.
   */
  public void compact(Effort effort) throws Win32Exception {
    try (VirtualDisks.Held held = windows.disks().hold(file, Access.READ_ONLY)) {
      windows.partitions().online(held.disk(), Access.READ_ONLY);
      VolumeId _ = windows.volumes().await(held.disk());
      held.compact(effort);
      return;
    } catch (Win32Exception e) {
      if (e.code() != Win32Error.NOT_FOUND) {
        throw e;
      }
    }
    windows.disks().compact(file);
  }

  /** The reason why the volume cannot grow, if there is one. */
  public Optional<String> obstacleToGrowth() throws Win32Exception {
    Optional<PhysicalDisk> disk = windows.disks().attached(file);
    if (disk.isPresent()) {
      return windows.volumes().obstacleToGrowth(disk.get());
    }
    try (VirtualDisks.Held held = windows.disks().hold(file)) {
      windows.partitions().online(held.disk(), Access.READ_WRITE);
      return windows.volumes().obstacleToGrowth(held.disk());
    }
  }

  /** Extends disk, partition and file system. Does nothing if they have that size. */
  public void grow(Size size) throws Win32Exception {
    if (windows.disks().size(file).compareTo(size) < 0) {
      windows.disks().expand(file, size);
    }
    Optional<PhysicalDisk> disk = windows.disks().attached(file);
    if (disk.isPresent()) {
      windows.volumes().grow(disk.get());
      return;
    }
    try (VirtualDisks.Held held = windows.disks().hold(file)) {
      windows.partitions().online(held.disk(), Access.READ_WRITE);
      windows.volumes().grow(held.disk());
    }
  }
}
