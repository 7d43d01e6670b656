package dev.keg.linux.rbd;

import dev.keg.driver.Snapshots.Shown;
import dev.keg.file.AtomicFile;
import dev.keg.file.SmallFile;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.ShownLock;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Snapshots that the cluster keeps of an image. A snapshot's home holds only a file with the
 * cluster's name for it, which is written before the snapshot is taken.
 */
record RbdSnapshots(Kernel kernel, DriverOperation operation, Rbd image) {
  private static final String NAME = "rbd-snapshot";
  private static final String SOURCE = "rbd-source";

  /** Takes a snapshot under a unique name, which is derived from the home's. */
  void make(VolumeHome snapshot) {
    String name = Rbd.OWN + snapshot.path().getFileName();
    operation.run(
        "cannot make a snapshot of image " + image.name(),
        () -> {
          AtomicFile.writeNew(snapshot.file(NAME), name.getBytes(StandardCharsets.UTF_8));
          image.keep(name);
        });
  }

  /** The cluster's name for the snapshot in a home; empty if the home is a volume's. */
  static Optional<String> name(VolumeHome home) throws IOException {
    return content(home.file(NAME));
  }

  /** Notes the source image of a clone, of which a snapshot is taken first. */
  static void noteSource(VolumeHome copy, Rbd source) throws IOException {
    AtomicFile.writeNew(copy.file(SOURCE), source.image().getBytes(StandardCharsets.UTF_8));
  }

  static Optional<String> source(VolumeHome copy) throws IOException {
    return content(copy.file(SOURCE));
  }

  private static Optional<String> content(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(new String(SmallFile.read(file), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  void discard(VolumeHome snapshot) {
    operation.run(
        "cannot remove a snapshot of image " + image.name(),
        () -> {
          Optional<String> name = name(snapshot);
          if (name.isPresent()) {
            image.discard(name.get());
          }
        });
  }

  /**
   * Mounts it privately. Between mapping and mounting, nobody may unmap the device, since another
   * image could get its name.
   */
  Shown show(VolumeHome snapshot, Function<Path, FileSystemMount> fileSystem) {
    return operation.get(
        "cannot mount a snapshot of image " + image.name(),
        () -> {
          String name =
              name(snapshot).orElseThrow(() -> new IOException("its file " + NAME + " is missing"));
          Fd root = ShownLock.during(snapshot, () -> mounted(name, fileSystem));
          return shown(snapshot, name, root);
        });
  }

  private Fd mounted(String name, Function<Path, FileSystemMount> fileSystem)
      throws ErrnoException, ToolException, IOException {
    Path device = image.map(name);
    try {
      return kernel.mounts().open(fileSystem.apply(device));
    } catch (ErrnoException e) {
      try {
        image.unmapUnused(name);
      } catch (ToolException | IOException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }

  private Shown shown(VolumeHome snapshot, String name, Fd root) {
    return new Shown() {
      @Override
      public Path data() {
        return Path.of(root.path());
      }

      @Override
      public void close() {
        root.close();
        operation.run(
            "cannot unmap a snapshot of image " + image.name(),
            () -> {
              boolean _ =
                  ShownLock.during(
                      snapshot,
                      () -> {
                        image.unmapUnused(name);
                        return true;
                      });
            });
      }
    };
  }
}
