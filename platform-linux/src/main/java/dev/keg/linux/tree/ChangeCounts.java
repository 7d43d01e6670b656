package dev.keg.linux.tree;

import dev.keg.linux.mount.Mount;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Detects changes of a file system by the amount written to its device and by its own counter. Both
 * change whenever a change reaches the disk. The amount written would be enough if nobody could
 * turn off that accounting.
 *
 * <p>The counters start when the file system is mounted. The inode of its directory in sysfs tells
 * one mount from the next: the kernel does not reuse it before the next boot.
 */
record ChangeCounts(Path proc, Path sys) {
  static final ChangeCounts OF_THE_KERNEL = new ChangeCounts(Path.of("/proc"), Path.of("/sys"));

  /** The position of the number of written sectors in the file {@code stat} of a device. */
  private static final int WRITTEN = 6;

  /**
   * The directory where a file system reports about itself, and its file that changes with every
   * transaction.
   */
  private record Journal(Path instance, Path count) {}

  /**
   * A text that differs after every change that reached the disk; empty if changes cannot be
   * detected.
   */
  Optional<String> of(Mount mount) {
    try {
      Path device = device(mount);
      Optional<Journal> journal = journal(mount.type(), String.valueOf(device.getFileName()));
      return journal.isPresent() && counts(device)
          ? Optional.of(text(device, journal.get()))
          : Optional.empty();
    } catch (IOException | DirectoryIteratorException _) {
      return Optional.empty(); // not such a device, or hidden from this process
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

  // btrfs numbers each subvolume itself; the source names one of its devices, and every change is
  // written to each of them.
  private Path device(Mount mount) throws IOException {
    return mount.type().equals("btrfs")
        ? sys.resolve("class/block")
            .resolve(Path.of(mount.source()).toRealPath().getFileName())
            .toRealPath()
        : sys.resolve("dev/block").resolve(mount.device()).toRealPath();
  }

  /** Empty for a file system without such a report, for example ext4 with an external journal. */
  private Optional<Journal> journal(String type, String device) throws IOException {
    return switch (type) {
      // "29 transactions (26 requested), each up to 5461 blocks"; inode 8 is the journal
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

  // Some devices, such as RAM disks, never count.
  private static boolean counts(Path device) throws IOException {
    Path whole = Files.exists(device.resolve("partition")) ? device.resolveSibling("") : device;
    return Files.readString(whole.resolve("queue/iostats")).strip().equals("1")
        && !written(device).equals("0");
  }

  private static String written(Path device) throws IOException {
    return Files.readString(device.resolve("stat")).strip().split("\\s+", -1)[WRITTEN];
  }
}
