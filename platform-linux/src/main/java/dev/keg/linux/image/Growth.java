package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;

/** Grows a volume's disk. */
record Growth(Kernel kernel, DiskChildren children, Volume volume) {
  void to(Size wanted, DiskFile file, VolumeHome home, QemuKey key)
      throws IOException, ToolException, ErrnoException {
    grow(wanted, file, home, key);
    if (ImageOptions.isFixed(volume)) {
      kernel.fill(file.path());
    }
  }

  private void grow(Size wanted, DiskFile file, VolumeHome home, QemuKey key)
      throws IOException, ToolException {
    int order = wanted.compareTo(Disk.of(file.path(), file.format()).size());
    if (order == 0) {
      return;
    }
    if (order < 0) {
      throw new NotSupported("resize", volume.name().text(), "a disk cannot shrink");
    }
    switch (file.format()) {
      case RAW, LUKS, QCOW2 -> {}
      case ISO ->
          throw new NotSupported("resize", volume.name().text(), "an ISO image is never written");
      case VHD, VHDX ->
          throw new NotSupported(
              "resize",
              volume.name().text(),
              "a %s disk grows on Windows only".formatted(file.format().word()));
    }
    if (children.has(file, home)) {
      throw new NotSupported("resize", volume.name().text(), "other volumes are built on its disk");
    }
    if (kernel.mounts().on(home.data()).isPresent()) {
      throw new NotSupported("resize", volume.name().text(), "it is mounted; unmount it first");
    }
    ImageMaker.grow(kernel, file, wanted, key);
  }
}
