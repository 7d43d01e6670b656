package dev.keg.health;

import dev.keg.file.FileFailures;
import dev.keg.registry.RegistryLayout;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the root is closed to other users and has room left. */
final class RootCheck {
  private static final int FULL_PERCENT = 90;

  private final RegistryLayout layout;

  RootCheck(RegistryLayout layout) {
    this.layout = layout;
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
          full(Files.getFileStore(layout.volumes())).ifPresent(findings::add);
        });
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

  private static Finding open(Path directory) {
    return new Finding(
        directory.toString(),
        "other users can enter it",
        "a local user can run the setuid files and read the open files of volumes",
        "chmod o= " + directory);
  }

  private Optional<Finding> full(FileStore store) throws IOException {
    long total = store.getTotalSpace();
    long left = store.getUsableSpace();
    // Room that is kept for root does not count as free to anybody else.
    long percent = total <= 0 ? 0 : 100 - left * 100 / total;
    return percent < FULL_PERCENT
        ? Optional.empty()
        : Optional.of(
            new Finding(
                layout.volumes().toString(),
                "its file system is %d%% full: %s left of %s"
                    .formatted(percent, new Size(left).human(), new Size(total).human()),
                "writes to volumes will fail",
                "keg df --sort allocated shows what takes room; keg prune --dry-run what is"
                    + " unused"));
  }
}
