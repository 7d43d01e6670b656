package dev.keg.linux.overlay;

import dev.keg.driver.Snapshots.Shown;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps copies of an upper layer, which share its blocks where the host's file system can. What
 * marks a deleted or a replaced file there is copied like any other.
 */
record OverlaySnapshots(Kernel kernel) {
  private static final FileTrees TREES = new LinuxFileTrees();

  void make(DriverOperation operation, Path upper, Path snapshot) {
    List<String> losses = new ArrayList<>();
    operation.run(
        "cannot copy what differs from its lower volume",
        () -> {
          Files.createDirectory(snapshot);
          try (FileTree source = TREES.read(upper);
              TreeWriter copy =
                  TREES.write(
                      snapshot,
                      (path, what, why) ->
                          losses.add("the %s of %s: %s".formatted(what, path, why)))) {
            new TreeCopy(source, copy).run();
          }
          if (!losses.isEmpty()) {
            throw new IOException(losses.getFirst());
          }
        });
  }

  /** Mounts the layers where nobody else sees them; without an upper one, nobody can write. */
  Shown show(DriverOperation operation, List<FileSystemOption> layers) {
    FileSystemMount mount =
        new FileSystemMount("overlay", "overlay", Set.of(MountFlag.READ_ONLY), layers);
    Fd root = operation.get("cannot mount the snapshot", () -> kernel.mounts().open(mount));
    return new Shown() {
      @Override
      public Path data() {
        return Path.of(root.path());
      }

      @Override
      public void close() {
        root.close();
      }
    };
  }
}
