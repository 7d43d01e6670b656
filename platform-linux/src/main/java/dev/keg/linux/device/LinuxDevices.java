package dev.keg.linux.device;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.activity.Devices;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What files of this machine lie on, by the mount table and sysfs(5). */
public final class LinuxDevices implements Devices {
  private static final Path BLOCK_BY_NUMBER = Path.of("/sys/dev/block");
  private static final Path BLOCK_BY_NAME = Path.of("/sys/class/block");
  private static final Path MOUNT_STATISTICS = Path.of("/proc/self/mountstats");

  @Override
  public Optional<Device> below(Path file) {
    try {
      return ProcMounts.read().holding(file.toRealPath()).flatMap(this::of);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private Optional<Device> of(Mount mount) {
    if (mount.type().startsWith("nfs")) {
      return share(mount.target());
    }
    // What is written to an overlay goes to its upper directory.
    Optional<Path> upper = mount.superOption("upperdir").map(Path::of);
    if (upper.isPresent()) {
      return below(upper.get());
    }
    return block(BLOCK_BY_NUMBER.resolve(mount.device())).or(() -> source(mount));
  }

  // btrfs has a number of its own for each subvolume; the source names one of its devices.
  private static Optional<Device> source(Mount mount) {
    try {
      return mount.source().startsWith("/dev/")
          ? block(BLOCK_BY_NAME.resolve(Path.of(mount.source()).toRealPath().getFileName()))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Device> block(Path directory) {
    try {
      Path real = directory.toRealPath();
      return Optional.of(new Block(real));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** The directory of a block device in sysfs. */
  private record Block(Path directory) implements Device {
    @Override
    public String name() {
      return String.valueOf(directory.getFileName());
    }

    /** A partition lies in its disk's directory; a mapping has links to what it is made of. */
    @Override
    public Set<String> names() {
      Set<String> names = new TreeSet<>(Set.of(name()));
      if (Files.exists(directory.resolve("partition"))) {
        names.addAll(new Block(directory.resolveSibling("")).names());
      }
      try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory.resolve("slaves"))) {
        for (Path part : parts) {
          names.addAll(new Block(part.toRealPath()).names());
        }
      } catch (IOException _) {
        return names; // It is made of nothing else, or goes away just now.
      }
      return names;
    }

    @Override
    public Optional<Counters> counters() {
      return text(directory.resolve("stat")).flatMap(BlockCounters::parse);
    }
  }

  private static Optional<Device> share(String target) {
    return share(target, text(MOUNT_STATISTICS)).map(share -> new Share(share.name(), target));
  }

  private static Optional<NfsCounters.Share> share(String target, Optional<String> statistics) {
    return statistics.flatMap(text -> NfsCounters.parse(text, target));
  }

  private record Share(String name, String target) implements Device {
    @Override
    public Optional<Counters> counters() {
      return share(target, text(MOUNT_STATISTICS)).map(NfsCounters.Share::counters);
    }
  }

  /** Empty for a device that is gone. */
  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
