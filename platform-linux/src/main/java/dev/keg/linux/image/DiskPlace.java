package dev.keg.linux.image;

import dev.keg.driver.DriverOptions;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.file.DirectorySync;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Puts a new disk where the operator wants it. From then on it is like an adopted one: the home has
 * a link to it, and removing the volume keeps it.
 */
record DiskPlace(Kernel kernel, Path path) {
  /** Where the options want the disk; empty if it stays in the volume's home. */
  static Optional<DiskPlace> of(Kernel kernel, DriverOptions options) {
    if (!options.has("path")) {
      return Optional.empty();
    }
    Path path = Path.of(options.require("path"));
    if (!path.isAbsolute() || !Files.isDirectory(path.normalize().resolveSibling(""))) {
      throw options.invalid("path", "an absolute path in a directory that exists");
    }
    if (options.has("backing")) {
      throw options.invalid("path", "a disk of its own; leave out backing");
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(options, path);
    }
    return Optional.of(new DiskPlace(kernel, path.normalize()));
  }

  private static InvalidOption taken(DriverOptions options, Path path) {
    return new InvalidOption(
        options.volume().text(),
        "invalid path: '" + path + "' exists",
        "`keg adopt %s %s` makes a volume of an existing disk".formatted(path, options.volume()));
  }

  /** Moves the disk of the home there. Never replaces a file, however late it appears. */
  void take(DiskFile disk, VolumeHome home, DriverOptions options)
      throws IOException, ToolException {
    Path draft = path.resolveSibling("." + path.getFileName() + ".keg-new");
    Files.deleteIfExists(draft); // A killed command left it.
    try {
      copy(disk.path(), draft);
      Files.createLink(path, draft);
    } catch (FileAlreadyExistsException _) {
      throw taken(options, path);
    } finally {
      Files.deleteIfExists(draft);
    }
    try {
      DirectorySync.FSYNC.sync(path.resolveSibling(""));
      Files.delete(disk.path());
      Files.createSymbolicLink(DiskFile.of(home, disk.format()).path(), path);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  // A link suffices within a file system.
  private void copy(Path disk, Path draft) throws IOException, ToolException {
    if (Files.getFileStore(disk).equals(Files.getFileStore(path.resolveSibling("")))) {
      Files.createLink(draft, disk);
      return;
    }
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String _ =
        kernel
            .tools()
            .run(
                Tool.of("cp", "--sparse=always", "--", disk.toString(), draft.toString())
                    .patiently());
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
