package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskException;
import dev.keg.driver.Snapshots.Shown;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.LoopDevices.LoopDevice;
import dev.keg.linux.driver.ShownLock;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.LoopSettings;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps copies of disks, which share blocks if the host's file system supports it, and hard links
 * to the disks that they are built on.
 */
record DiskSnapshots(Kernel kernel) {
  /** Makes sure that no program that respects QEMU's locks writes to the disk meanwhile. */
  void make(DiskFile file, VolumeHome home, VolumeHome snapshot)
      throws IOException, ErrnoException, ToolException {
    boolean adopted = file.isAdopted(home);
    if (adopted && Disk.of(file.path(), file.format()).parent().isPresent()) {
      throw new DiskException(file.path(), "it is built on another disk");
    }
    ImageMaker maker = new ImageMaker(kernel, snapshot, "", QemuKey.NONE);
    try (QemuLocks.Reading _ = QemuLocks.read(file.path())) {
      if (adopted) {
        maker.copyAsItIs(file);
      } else {
        maker.twin(home);
      }
    }
  }

  /** Why the files on the disk cannot be shown. */
  Optional<String> whyNotShown(DiskFile file) throws IOException {
    Disk disk = DiskChain.of(file.path(), file.format()).top();
    if (disk.contiguous().isEmpty()) {
      return Optional.of("the host cannot show the files of a %s".formatted(file.format().word()));
    }
    return Superblock.find(file.path(), disk.contiguous().getAsLong()).isPresent()
        ? Optional.empty()
        : Optional.of("there is no file system at the start of the disk");
  }

  /**
   * Mounts the file system privately. The device is writable, so that the kernel can replay the
   * journal of a file system that was not unmounted.
   */
  Shown show(DiskFile file, VolumeHome home) throws IOException, ErrnoException, ToolException {
    return ShownLock.during(home, () -> show(file));
  }

  private Shown show(DiskFile file) throws IOException, ErrnoException {
    Disk disk = DiskChain.of(file.path(), file.format()).top();
    long start = disk.contiguous().orElseThrow();
    Superblock.Found found = Superblock.find(file.path(), start).orElseThrow();
    var window = found.window(start, disk.size());
    var settings = new LoopSettings(false, true, false, 0, file.path().toString(), window);
    try (LoopDevice device = kernel.loops().attach(file.path(), settings)) {
      return new Root(kernel.mounts().open(HostMount.of(found.kind(), device.path(), true)));
    }
  }

  private record Root(Fd open) implements Shown {
    @Override
    public Path data() {
      return Path.of(open.path());
    }

    @Override
    public void close() {
      open.close();
    }
  }
}
