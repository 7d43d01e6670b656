package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskException;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.LoopDevices.LoopDevice;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.LoopSettings;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Mounts the file system of a disk on the host, without devices and set-user-ID programs, since a
 * machine wrote it.
 */
final class HostMount {
  private final Kernel kernel;
  private final NbdDevices nbd;

  HostMount(Kernel kernel, NbdDevices nbd) {
    this.kernel = kernel;
    this.nbd = nbd;
  }

  boolean isMounted(VolumeHome home) throws IOException {
    return kernel.mounts().on(home.data()).isPresent();
  }

  void mount(DiskFile file, boolean readOnly, VolumeHome home, QemuKey key)
      throws IOException, ErrnoException, ToolException {
    Disk disk = DiskChain.of(file.path(), file.format()).top();
    if (disk.contiguous().isPresent()) {
      throughLoop(file, disk, readOnly, home);
    } else {
      throughNbd(file, disk.size(), readOnly, home, key);
    }
  }

  private void throughLoop(DiskFile file, Disk disk, boolean readOnly, VolumeHome home)
      throws IOException, ErrnoException, ToolException {
    QemuLocks.refuseOpen(file.path(), readOnly);
    long start = disk.contiguous().orElseThrow();
    Superblock.Found found = superblock(file, file.path(), start);
    throughLoop(file.path(), found, found.window(start, disk.size()), readOnly, home);
  }

  private void throughLoop(
      Path source,
      Superblock.Found found,
      LoopSettings.Window window,
      boolean readOnly,
      VolumeHome home)
      throws IOException, ErrnoException, ToolException {
    var settings = new LoopSettings(readOnly, true, false, 0, source.toString(), window);
    try (LoopDevice device = kernel.loops().attach(source, settings)) {
      mount(found.kind(), device.path(), readOnly, home);
    }
  }

  private void throughNbd(DiskFile file, Size size, boolean readOnly, VolumeHome home, QemuKey key)
      throws IOException, ErrnoException, ToolException {
    try {
      Path device = nbd.connect(file, readOnly, key);
      Superblock.Found found = superblock(file, device, 0);
      if (found.at() == 0) {
        mount(found.kind(), device, readOnly, home);
      } else {
        throughLoop(device, found, found.window(0, size), readOnly, home);
      }
    } catch (IOException | ErrnoException | ToolException e) {
      try {
        nbd.disconnect(file);
      } catch (IOException | ToolException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }

  private static Superblock.Found superblock(DiskFile file, Path place, long start)
      throws IOException {
    Optional<Superblock.Found> found = Superblock.find(place, start);
    return found.orElseThrow(
        () -> new DiskException(file.path(), "there is no file system at the start of the disk"));
  }

  private void mount(Superblock found, Path device, boolean readOnly, VolumeHome home)
      throws ErrnoException, ToolException {
    try {
      kernel
          .mounts()
          .mount(
              of(found, device, readOnly),
              FileLocation.beneath(home.path(), String.valueOf(home.data().getFileName())));
    } catch (ErrnoException e) {
      if (found != Superblock.NTFS || e.errno() != Errno.ENODEV) {
        throw e;
      }
      ntfs3g(device, readOnly, home);
    }
  }

  static FileSystemMount of(Superblock found, Path device, boolean readOnly) {
    Set<MountFlag> flags = EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV);
    if (readOnly) {
      flags.add(MountFlag.READ_ONLY);
    }
    // Copies of a disk have the same UUID, and XFS refuses to mount the second one.
    List<FileSystemOption> options =
        found == Superblock.XFS ? List.of(FileSystemOption.flag("nouuid")) : List.of();
    return new FileSystemMount(found.type(), device.toString(), flags, options);
  }

  /** Mounts NTFS with ntfs-3g, for kernels without ntfs3. */
  private void ntfs3g(Path device, boolean readOnly, VolumeHome home) throws ToolException {
    String options = "nosuid,nodev" + (readOnly ? ",ro" : "");
    String _ =
        kernel
            .tools()
            .run(Tool.of("ntfs-3g", "-o", options, device.toString(), home.data().toString()));
  }

  /** Unmounts the disk; if nothing is mounted, that is not an error. */
  void unmount(Optional<DiskFile> file, VolumeHome home)
      throws IOException, ErrnoException, ToolException {
    kernel.mounts().unmount(home.data(), false);
    if (file.isPresent()) {
      nbd.disconnect(file.get());
    }
  }
}
