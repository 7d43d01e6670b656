package dev.keg.backup.browse;

import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.NoSuchFile;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Opens backups to look into.
 *
 * @param warnings hears what is odd about a choice of backup
 */
public record Browsing(Repository repository, Whose whose, Consumer<String> warnings) {
  public BackupTree open(BackupPath place) {
    return open(place.backup().from(repository, place.volume(), whose, warnings));
  }

  BackupTree open(Backup backup) {
    return open(repository, backup);
  }

  /** A backup in a repository, which stays the caller's to close. */
  public static BackupTree open(Repository repository, Backup backup) {
    return IndexedTree.open(repository, backup.record());
  }

  /** The file at that path, which has to exist. */
  public static BackedFile require(BackupTree tree, TreePath path) {
    return tree.find(path)
        .orElseThrow(() -> new NoSuchFile(tree.name(), path.toString(), "no such file"));
  }

  /**
   * The file at that path, or what is in the directory there.
   *
   * @param below whether what is below its directories is meant, too
   * @param lost hears which parts of the index cannot be read
   */
  public static Iterator<BackedFile> list(
      BackupTree tree, TreePath path, boolean below, Consumer<InvalidArchive> lost) {
    if (isFile(tree, path)) {
      return List.of(require(tree, path)).iterator();
    }
    return below ? tree.walk(path, lost) : tree.list(path, lost);
  }

  private static boolean isFile(BackupTree tree, TreePath path) {
    try {
      return !require(tree, path).isDirectory();
    } catch (InvalidArchive _) {
      // A directory may have files in other parts of the index. The listing reports this one.
      return false;
    }
  }

  /** The content of the file at that path, or of the one that it is a hard link to. */
  public static InputStream content(BackupTree tree, TreePath path) {
    BackedFile file = behindLink(tree, require(tree, path));
    if (!(file.entry().kind() instanceof RegularFile)) {
      throw new NoSuchFile(tree.name(), path.toString(), "it is a " + file.type() + ", not a file");
    }
    return tree.read(file);
  }

  /** The file that has the content of a hard link; any other file is itself. */
  static BackedFile behindLink(BackupTree tree, BackedFile file) {
    Set<TreePath> seen = new HashSet<>();
    BackedFile behind = file;
    while (behind.entry().kind() instanceof HardLink(TreePath target)) {
      Optional<BackedFile> next = seen.add(target) ? tree.find(target) : Optional.empty();
      String path = file.path().toString();
      behind =
          next.orElseThrow(
              () ->
                  new NoSuchFile(
                      tree.name(), path, "a hard link to " + target + ", which is not there"));
    }
    return behind;
  }
}
