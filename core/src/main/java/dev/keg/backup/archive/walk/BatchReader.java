package dev.keg.backup.archive.walk;

import dev.keg.backup.archive.walk.Batch.Details;
import dev.keg.backup.archive.walk.TreeReader.Found;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the files of a batch, used by one thread at a time. */
record BatchReader(TreeAccess access) implements AutoCloseable {
  void read(Batch batch) {
    batch.read((file, room) -> access.use(tree -> details(tree, file, room)));
  }

  /** Empty if it cannot be read; then the archiver tries it again. */
  private static Optional<Details> details(FileTree tree, Found file, Supplier<ByteBuffer> room) {
    try {
      return switch (file.stat().type()) {
        case DIRECTORY, FIFO, CHARACTER, BLOCK ->
            Optional.of(new Details(tree.xattrs(file.path())));
        case SYMLINK ->
            tree.target(file.path())
                .map(
                    target ->
                        new Details(
                            tree.xattrs(file.path()), Optional.of(target), Optional.empty()));
        case REGULAR -> content(tree, file, room.get());
        case SOCKET -> Optional.empty();
      };
    } catch (FileFailure _) {
      return Optional.empty();
    }
  }

  private static Optional<Details> content(FileTree tree, Found found, ByteBuffer room) {
    Optional<OpenFile> open = tree.open(found.path());
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (OpenFile file = open.get()) {
      return BufferedFile.read(file, found.stat(), room)
          .map(read -> new Details(read.xattrs(), Optional.empty(), Optional.of(read)));
    }
  }

  @Override
  public void close() {
    access.close();
  }
}
