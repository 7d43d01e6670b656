package dev.keg.linux.loop;

import dev.keg.driver.HasDevices.IdleDevice;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.LoopDevices.Configured;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.mount.DeviceUsers;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.program.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Loop devices and mappings of images that nobody uses. */
record IdleDevices(Kernel kernel) {
  private static final Path SYSFS = Path.of("/sys/block");
  private static final String DELETED = " (deleted)";

  /** The unused devices of images below the directory of volumes, including deleted images. */
  List<IdleDevice> of(Path volumes) throws IOException {
    // A chroot may have no sysfs.
    if (!Files.isDirectory(volumes) || !Files.isDirectory(SYSFS)) {
      return List.of();
    }
    Path real = volumes.toRealPath();
    Path root = real.resolveSibling("");
    Set<String> mounted =
        kernel.mounts().table().mounts().stream().map(Mount::source).collect(Collectors.toSet());
    List<IdleDevice> idle = new ArrayList<>();
    for (Configured loop : kernel.loops().all()) {
      Path image = Path.of(loop.image());
      boolean ours =
          image.startsWith(real) || (image.startsWith(root) && loop.image().endsWith(DELETED));
      List<Path> top = ours ? top(loop) : List.of();
      if (top.stream().noneMatch(device -> mounted.contains(device.toString()))) {
        top.forEach(device -> idle.add(new IdleDevice(device, image)));
      }
    }
    return idle.isEmpty() ? idle : withoutUsers(idle);
  }

  /** The topmost devices; empty if something other than Keg built on the loop device. */
  private static List<Path> top(Configured loop) {
    if (!loop.mappings().stream().allMatch(ImageDevices::isMapping)) {
      return List.of();
    }
    return loop.mappings().isEmpty()
        ? List.of(loop.device())
        : loop.mappings().stream().map(Luks::device).toList();
  }

  private static List<IdleDevice> withoutUsers(List<IdleDevice> idle) throws IOException {
    DeviceUsers users = DeviceUsers.read();
    return idle.stream().filter(found -> !users.use(found.device())).toList();
  }

  /** Fails if the device is in use now. */
  void free(IdleDevice idle) throws ErrnoException, ToolException, IOException {
    Path device = idle.device();
    if (Luks.isMapping(device)) {
      new Luks(kernel.tools()).close(String.valueOf(device.getFileName()));
    } else {
      kernel.loops().detach(device, idle.file().toString());
    }
  }
}
