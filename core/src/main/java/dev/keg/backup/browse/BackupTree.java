package dev.keg.backup.browse;

import dev.keg.tree.TreePath;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;

/** What one backup holds, by path. For one thread. */
public interface BackupTree extends AutoCloseable {
  /** What messages call the backup. */
  String name();

  Optional<BackedFile> find(TreePath path);

  /** What lies in the directory itself, in order; nothing if it is no directory. */
  Iterator<BackedFile> list(TreePath directory);

  /** The file at the path and everything below it, in the order of a walk. */
  Iterator<BackedFile> walk(TreePath from);

  /**
   * A regular file's bytes, holes as zeros. Damage is an {@link
   * dev.keg.error.BackupException.InvalidArchive} when it is reached; until then what was read is
   * as it was saved. The content of one file is read at a time.
   */
  InputStream read(BackedFile file);

  @Override
  void close();
}
