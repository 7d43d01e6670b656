package dev.keg.health;

import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.policy.Policies;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.usage.Room;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeScans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that the root's own files are readable, and that it is closed to other users and has free
 * space.
 */
final class RootCheck {
  private final VolumeRegistry registry;
  private final RegistryLayout layout;
  private final TreeScans scans;

  RootCheck(VolumeRegistry registry, TreeScans scans) {
    this.registry = registry;
    this.layout = registry.layout();
    this.scans = scans;
  }

  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    FileFailures.run(
        "check",
        layout.root(),
        () -> {
          for (Path directory : List.of(layout.root(), layout.volumes())) {
            if (isOpen(directory)) {
              findings.add(open(directory));
            }
          }
          stranger().ifPresent(findings::add);
        });
    findings.addAll(fullness(scans, layout.volumes()));
    policies().ifPresent(findings::add);
    return findings;
  }

  private static boolean isOpen(Path directory) throws IOException {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(directory).stream()
            .anyMatch(
                Set.of(
                        PosixFilePermission.OTHERS_READ,
                        PosixFilePermission.OTHERS_WRITE,
                        PosixFilePermission.OTHERS_EXECUTE)
                    ::contains);
  }

  private Finding open(Path directory) {
    Finding finding =
        new Finding(
            directory.toString(),
            "other users can enter it",
            "a local user can run the setuid files and read the open files of volumes",
            "chmod o= " + directory);
    return registry.leftOpen().contains(directory)
        ? finding.repairedBy(registry::openForWriting)
        : finding;
  }

  /** Another owner of the directory with the volumes could replace all of them. */
  private Optional<Finding> stranger() throws IOException {
    Path volumes = layout.volumes();
    if (!volumes.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Optional.empty();
    }
    UserPrincipal owner = Files.getOwner(layout.root());
    UserPrincipal other = Files.getOwner(volumes);
    return owner.equals(other)
        ? Optional.empty()
        : Optional.of(
            new Finding(
                volumes.toString(),
                "it belongs to %s, and the root to %s".formatted(other.getName(), owner.getName()),
                "%s can read, replace and delete all volumes".formatted(other.getName()),
                "chown %s %s".formatted(owner.getName(), volumes)));
  }

  /** Checks how full the file system of a directory of volumes is. */
  static List<Finding> fullness(TreeScans scans, Path volumes) {
    Optional<TreeScan> opened = scans.open(volumes);
    if (opened.isEmpty()) {
      return List.of();
    }
    try (TreeScan scan = opened.get()) {
      return scan.room().map(room -> fullness(volumes, room)).orElse(List.of());
    }
  }

  private static List<Finding> fullness(Path volumes, Room room) {
    String unused = "; `keg prune --dry-run` lists unused volumes";
    return new Fullness(
            volumes.toString(),
            "its file system is",
            "`keg df --sort allocated` lists the largest volumes" + unused,
            "`keg df --sort files` lists the volumes with the most files" + unused)
        .of(room);
  }

  private Optional<Finding> policies() {
    try {
      var _ = Policies.read(layout.policy());
      return Optional.empty();
    } catch (VolumeException e) {
      return Optional.of(
          new Finding(
              layout.policy().toString(),
              String.valueOf(e.getMessage()),
              "no policy applies: no backups and no snapshots are made",
              e.hint().orElse("repair the file")));
    }
  }
}
