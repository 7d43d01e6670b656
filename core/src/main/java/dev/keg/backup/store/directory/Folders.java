package dev.keg.backup.store.directory;

import dev.keg.file.CreationMode;
import dev.keg.file.DirectorySync;
import dev.keg.file.GrowingFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Creates directories that survive a power failure, and files in them. They are private, like the
 * backups.
 */
final class Folders {
  private final Path root;
  private final DirectorySync sync;

  Folders(Path root, DirectorySync sync) {
    this.root = root;
    this.sync = sync;
  }

  /** Creates the folder and its parents below the root, but never the root itself. */
  void make(Path folder) throws IOException {
    if (folder.equals(root) || Files.isDirectory(folder)) {
      return;
    }
    Path parent = parent(folder);
    make(parent);
    try {
      Files.createDirectory(folder, CreationMode.ownersDirectory(folder));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    sync.sync(parent);
  }

  GrowingFile create(Path file) throws IOException {
    return GrowingFile.create(file, sync);
  }

  void sync(Path folder) throws IOException {
    sync.sync(folder);
  }

  static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no parent");
    }
    return parent;
  }
}
