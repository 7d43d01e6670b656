package dev.keg.linux.device;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A block device.
 *
 * @param directory its real directory in sysfs
 */
record BlockDevice(Path directory) implements Device {
  static Optional<BlockDevice> at(Path link) {
    try {
      return Optional.of(new BlockDevice(link.toRealPath()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return String.valueOf(directory.getFileName());
  }

  /** Its own name and those of the devices that it is part of or built on. */
  @Override
  public Set<String> names() {
    Set<String> names = new TreeSet<>(Set.of(name()));
    if (isPartition()) {
      names.addAll(whole().names());
    }
    parts().forEach(part -> names.addAll(part.names()));
    return names;
  }

  private boolean isPartition() {
    return Files.exists(directory.resolve("partition"));
  }

  /** The whole disk, which has the queue; a partition lies in its disk's directory. */
  BlockDevice whole() {
    return isPartition() ? new BlockDevice(directory.resolveSibling("")) : this;
  }

  Path queue(String file) {
    return whole().directory.resolve("queue").resolve(file);
  }

  /**
   * The devices at the bottom of the stack, which schedule requests; a mapping only passes them on.
   */
  List<BlockDevice> bottom() {
    List<BlockDevice> parts = parts();
    return parts.isEmpty()
        ? List.of(whole())
        : parts.stream().flatMap(part -> part.bottom().stream()).distinct().toList();
  }

  /** The devices that a mapping links to as its parts. */
  private List<BlockDevice> parts() {
    List<BlockDevice> parts = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(directory.resolve("slaves"))) {
      for (Path link : links) {
        parts.add(new BlockDevice(link.toRealPath()));
      }
    } catch (IOException _) {
      return List.of(); // It has no parts, or is being removed.
    }
    parts.sort(Comparator.comparing(BlockDevice::name));
    return parts;
  }

  @Override
  public Optional<Counters> counters() {
    return LinuxDevices.text(directory.resolve("stat")).flatMap(BlockCounters::parse);
  }
}
