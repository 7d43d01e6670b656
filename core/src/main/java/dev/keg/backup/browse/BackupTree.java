package dev.keg.backup.browse;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.TreePath;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** What one backup holds, by path. For one thread. */
public interface BackupTree extends AutoCloseable {
  /** What messages call the backup. */
  String name();

  Optional<BackedFile> find(TreePath path);

  /**
   * What lies in the directory itself, in order; nothing if it is no directory.
   *
   * @param lost hears which parts of the index cannot be read; what is there is passed over
   */
  Iterator<BackedFile> list(TreePath directory, Consumer<InvalidArchive> lost);

  /** The file at the path and everything below it, in the order of a walk; told as above. */
  Iterator<BackedFile> walk(TreePath from, Consumer<InvalidArchive> lost);

  /** For who needs all of it: damage is thrown. */
  default Iterator<BackedFile> list(TreePath directory) {
    return list(directory, BackupTree::fail);
  }

  /** For who needs all of it: damage is thrown. */
  default Iterator<BackedFile> walk(TreePath from) {
    return walk(from, BackupTree::fail);
  }

  private static void fail(InvalidArchive damage) {
    throw damage;
  }

  /**
   * A regular file's bytes, holes as zeros. Damage is an {@link
   * dev.keg.error.BackupException.InvalidArchive} when it is reached; until then what was read is
   * as it was saved. The content of one file is read at a time.
   */
  InputStream read(BackedFile file);

  @Override
  void close();
}
