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

/**
 * Assigns places to a machine's disks, and finds files that the machine reads for only one disk.
 */
public final class Placements {
  /** The Host Compute Service has four controllers with 64 places each. */
  public static final int SLOTS = 256;

  private Placements() {}

  /**
   * A free place for the disk. The user's drive id determines it if possible; otherwise the first
   * place stays free, since a machine usually boots from the disk there.
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

  /** The recorded place. Before places were recorded, the drive's id alone determined them. */
  static int slot(Attachment.Disk disk) {
    return disk.placement()
        .map(Placement::slot)
        .orElseGet(() -> new DriveId(disk.drive()).position().orElse(0));
  }

  /** The files that no other disk of the machine needs, under any of their names. */
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
      return false; // one of the two is gone, so they are not the same file
    }
  }
}
