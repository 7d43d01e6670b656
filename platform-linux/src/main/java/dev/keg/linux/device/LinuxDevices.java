package dev.keg.linux.device;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.activity.Devices;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.Mounts.TableReader;
import dev.keg.linux.mount.ProcMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the devices that files of this machine lie on, from the mount table and sysfs(5). */
public final class LinuxDevices implements Devices {
  static final Path SYSFS = Path.of("/sys");
  private static final Path MOUNT_STATISTICS = Path.of("/proc/self/mountstats");

  private final TableReader table;
  private final Path sysfs;

  public LinuxDevices() {
    this(ProcMounts::read, SYSFS);
  }

  LinuxDevices(TableReader table, Path sysfs) {
    this.table = table;
    this.sysfs = sysfs;
  }

  @Override
  public Optional<Device> below(Path file) {
    try {
      ProcMounts mounts = table.read();
      // Resolving links on a server that does not answer would block.
      Path path = mounts.leadsToServer(file) ? file : file.toRealPath();
      return mounts.holding(path).flatMap(this::of);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  Optional<Device> of(Mount mount) {
    if (mount.type().startsWith("nfs")) {
      return share(mount.target());
    }
    // Overlayfs stores written files in the upper directory.
    Optional<Path> upper = mount.superOption("upperdir").map(Path::of);
    if (upper.isPresent()) {
      return below(upper.get());
    }
    return block(mount).map(Device.class::cast);
  }

  /** The block device that a mount shows. */
  Optional<BlockDevice> block(Mount mount) {
    return BlockDevice.at(sysfs.resolve("dev/block").resolve(mount.device()))
        .or(() -> source(mount));
  }

  // btrfs numbers each subvolume itself; the source names one of its devices.
  private Optional<BlockDevice> source(Mount mount) {
    try {
      return mount.source().startsWith("/dev/")
          ? BlockDevice.at(
              sysfs
                  .resolve("class/block")
                  .resolve(Path.of(mount.source()).toRealPath().getFileName()))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Device> share(String target) {
    return share(target, text(MOUNT_STATISTICS)).map(share -> new NfsDevice(share.name(), target));
  }

  private static Optional<NfsCounters.MountCounters> share(
      String target, Optional<String> statistics) {
    return statistics.flatMap(text -> NfsCounters.parse(text, target));
  }

  private record NfsDevice(String name, String target) implements Device {
    @Override
    public Optional<Counters> counters() {
      return share(target, text(MOUNT_STATISTICS)).map(NfsCounters.MountCounters::counters);
    }
  }

  /** The content without the final newline; empty for a device that is gone. */
  static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
