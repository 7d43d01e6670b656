package dev.keg.backup.store.directory;

import dev.keg.file.CreationMode;
import dev.keg.file.DirectorySync;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories that are still there after a power failure. A backup holds secrets, so do they. */
final class Folders {
  private final Path root;
  private final DirectorySync sync;

  Folders(Path root, DirectorySync sync) {
    this.root = root;
    this.sync = sync;
  }

  /** Makes the folder and those above it, below the root; the root itself is never made. */
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
