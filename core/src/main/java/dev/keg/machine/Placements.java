package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachment.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Decides where a machine gets a disk, and tells which files it reads for no other disk. */
public final class Placements {
  /** The Host Compute Service has four controllers with 64 places each. */
  public static final int SLOTS = 256;

  private Placements() {}

  /**
   * A free place for the disk. A drive id that the user names decides it where it can; otherwise
   * the first place is left alone, for a machine usually starts from the disk there.
   */
  static int slot(Optional<DriveId> asked, DriveId drive, List<Attachment.Disk> others) {
    Set<Integer> taken = others.stream().map(Placements::slot).collect(Collectors.toSet());
    int first = drive.position().orElse(1);
    int wanted = asked.isPresent() ? first : Math.max(first, 1);
    return wanted < SLOTS && !taken.contains(wanted)
        ? wanted
        : IntStream.iterate(1, slot -> slot + 1)
            .filter(slot -> !taken.contains(slot))
            .findFirst()
            .orElseThrow();
  }

  /** The recorded place. Before places were recorded, they followed from the drive's id alone. */
  static int slot(Attachment.Disk disk) {
    return disk.placement()
        .map(Placement::slot)
        .orElseGet(() -> new DriveId(disk.drive()).position().orElse(0));
  }

  /** Those of the files that no other disk of the machine needs, by whichever of its names. */
  static List<Path> unshared(List<Path> files, List<Attachment.Disk> others) {
    List<String> needed =
        others.stream()
            .flatMap(other -> other.placement().stream())
            .flatMap(placement -> placement.files().stream())
            .toList();
    return files.stream()
        .filter(file -> needed.stream().noneMatch(other -> same(file, other)))
        .toList();
  }

  private static boolean same(Path file, String other) {
    try {
      return file.toString().equals(other)
          || Files.isSameFile(file, file.getFileSystem().getPath(other));
    } catch (IOException _) {
      return false; // One of the two is gone, so they are not one file.
    }
  }
}
