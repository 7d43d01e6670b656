package dev.keg.backup.browse;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.TreePath;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** The contents of one backup, by path. Not thread-safe. */
public interface BackupTree extends AutoCloseable {
  /** The backup's name in messages. */
  String name();

  Optional<BackedFile> find(TreePath path);

  /**
   * The content of the directory itself, in order; nothing if it is not a directory.
   *
   * @param lost receives the parts of the index that cannot be read, which are skipped
   */
  Iterator<BackedFile> list(TreePath directory, Consumer<InvalidArchive> lost);

  /**
   * The file at the path and everything below it, in the order of a walk, with the same handling of
   * lost parts.
   */
  Iterator<BackedFile> walk(TreePath from, Consumer<InvalidArchive> lost);

  /** For callers that need everything: damage is thrown. */
  default Iterator<BackedFile> list(TreePath directory) {
    return list(directory, BackupTree::fail);
  }

  /** For callers that need everything: damage is thrown. */
  default Iterator<BackedFile> walk(TreePath from) {
    return walk(from, BackupTree::fail);
  }

  private static void fail(InvalidArchive damage) {
    throw damage;
  }

  /**
   * A regular file's bytes, with holes as zeros. Damage is thrown as {@link
   * dev.keg.error.BackupException.InvalidArchive} when it is reached; the bytes before it are as
   * saved. Only one file can be read at a time.
   */
  InputStream read(BackedFile file);

  @Override
  void close();
}
