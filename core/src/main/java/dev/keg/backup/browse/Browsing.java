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
 * Opens backups to browse.
 *
 * @param warnings receives doubts about a choice of backup
 */
public record Browsing(Repository repository, Whose whose, Consumer<String> warnings) {
  public BackupTree open(BackupPath place) {
    return open(place.backup().from(repository, place.volume(), whose, warnings));
  }

  BackupTree open(Backup backup) {
    return open(repository, backup);
  }

  /** A backup in a repository; the caller closes the repository. */
  public static BackupTree open(Repository repository, Backup backup) {
    return IndexedTree.open(repository, backup.record());
  }

  /** The file at that path, which must exist. */
  public static BackedFile require(BackupTree tree, TreePath path) {
    return tree.find(path)
        .orElseThrow(() -> new NoSuchFile(tree.name(), path.toString(), "no such file"));
  }

  /**
   * The file at that path, or the directory's content.
   *
   * @param below whether to include everything below its directories
   * @param lost receives the parts of the index that cannot be read
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
      // Other parts of the index may have the directory's files. The listing reports this part.
      return false;
    }
  }

  /** The content of the file at that path, or of the file that it is a hard link to. */
  public static InputStream content(BackupTree tree, TreePath path) {
    BackedFile file = behindLink(tree, require(tree, path));
    if (!(file.entry().kind() instanceof RegularFile)) {
      throw new NoSuchFile(tree.name(), path.toString(), "it is a " + file.type() + ", not a file");
    }
    return tree.read(file);
  }

  /** The file with the content of a hard link; any other file itself. */
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
                      tree.name(), path, "a hard link to " + target + ", which is missing"));
    }
    return behind;
  }
}
