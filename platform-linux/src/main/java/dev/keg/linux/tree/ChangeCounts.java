package dev.keg.linux.tree;

import dev.keg.linux.mount.Mount;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What tells that a file system has changed: how much was written to its device, and what the file
 * system counts of itself. Neither stays the same when a change reaches the disk. The number of
 * writes alone would be enough, if nobody could turn the counting off and on.
 *
 * <p>All of it counts from when the file system was mounted. The number of its directory in sysfs
 * tells one time from the next: the kernel gives each only once until it restarts.
 */
record ChangeCounts(Path proc, Path sys) {
  static final ChangeCounts OF_THE_KERNEL = new ChangeCounts(Path.of("/proc"), Path.of("/sys"));

  /** The position of the number of sectors written in the file {@code stat} of a device. */
  private static final int WRITTEN = 6;

  /** Where a file system reports about itself, and the file that changes with it. */
  private record Journal(Path instance, Path count) {}

  /** Another text after each change that has reached the disk; empty if nothing tells. */
  Optional<String> of(Mount mount) {
    try {
      Path device = device(mount);
      Optional<Journal> journal = journal(mount.type(), String.valueOf(device.getFileName()));
      return journal.isPresent() && counts(device)
          ? Optional.of(text(device, journal.get()))
          : Optional.empty();
    } catch (IOException | DirectoryIteratorException _) {
      return Optional.empty(); // It is no such device, or none that this process may see.
    }
  }

  private String text(Path device, Journal journal) throws IOException {
    return String.join(
        " ",
        Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip(),
        String.valueOf(Files.getAttribute(journal.instance(), "unix:ino")),
        written(device),
        Files.readString(journal.count()).lines().findFirst().orElse("").strip());
  }

  // btrfs has a number of its own for each subvolume; the source names one of its devices, each of
  // which is written to with each change.
  private Path device(Mount mount) throws IOException {
    return mount.type().equals("btrfs")
        ? sys.resolve("class/block")
            .resolve(Path.of(mount.source()).toRealPath().getFileName())
            .toRealPath()
        : sys.resolve("dev/block").resolve(mount.device()).toRealPath();
  }

  /** Empty for a file system that says nothing, such as an ext4 with its journal elsewhere. */
  private Optional<Journal> journal(String type, String device) throws IOException {
    return switch (type) {
      // "29 transactions (26 requested), each up to 5461 blocks"; inode 8 is that of the journal.
      case "ext4" ->
          existing("fs/ext4/" + device, proc.resolve("fs/jbd2/" + device + "-8").resolve("info"));
      // "1:163", cycle and block
      case "xfs" ->
          existing("fs/xfs/" + device, sys.resolve("fs/xfs/" + device + "/log/log_head_lsn"));
      case "btrfs" -> btrfs(device);
      default -> Optional.empty();
    };
  }

  private Optional<Journal> existing(String instance, Path count) {
    return Files.exists(count)
        ? Optional.of(new Journal(sys.resolve(instance), count))
        : Optional.empty();
  }

  private Optional<Journal> btrfs(String device) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(sys.resolve("fs/btrfs"))) {
      for (Path one : all) {
        if (Files.exists(one.resolve("devices").resolve(device))) {
          return Optional.of(new Journal(one, one.resolve("generation")));
        }
      }
    }
    return Optional.empty();
  }

  // A few devices, such as RAM disks, count nothing at any time.
  private static boolean counts(Path device) throws IOException {
    Path whole = Files.exists(device.resolve("partition")) ? device.resolveSibling("") : device;
    return Files.readString(whole.resolve("queue/iostats")).strip().equals("1")
        && !written(device).equals("0");
  }

  private static String written(Path device) throws IOException {
    return Files.readString(device.resolve("stat")).strip().split("\\s+", -1)[WRITTEN];
  }
}
