package dev.keg.backup.restore;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.journal.RestoreJournal.Phase;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Replaces the content of a directory that cannot itself be exchanged: first all old names move
 * out, then all new ones move in. Each of the two phases can be repeated after an interruption, so
 * the journal only records the phase.
 */
final class NameMoves {
  private final FileTrees trees;
  private final RestorePlace place;
  private final DirectorySync sync;
  private final Losses losses;

  /**
   * @param losses receives what cannot be kept of the directory that holds the names
   */
  NameMoves(FileTrees trees, RestorePlace place, DirectorySync sync, Losses losses) {
    this.trees = trees;
    this.place = place;
    this.sync = sync;
    this.losses = losses;
  }

  /** Moves from the stage to the live directory, or back from the previous tree. */
  void swap(RestoreJournal journal, boolean undo) {
    journal.write(undo ? Phase.UNDOING_OUT : Phase.MOVING_OUT, 0);
    moveOut(journal, undo);
  }

  void resume(RestoreJournal journal, Phase phase) {
    boolean undo = phase == Phase.UNDOING_OUT || phase == Phase.UNDOING_IN;
    if (phase == Phase.MOVING_OUT || phase == Phase.UNDOING_OUT) {
      moveOut(journal, undo);
    } else {
      moveIn(undo);
    }
  }

  private Path incoming(boolean undo) {
    return undo ? place.previous() : place.stage();
  }

  private Path outgoing(boolean undo) {
    return undo ? place.stage() : place.previous();
  }

  private void moveOut(RestoreJournal journal, boolean undo) {
    Path outgoing = outgoing(undo);
    if (!Replacement.exists(outgoing)) {
      FileFailures.run("create directory", outgoing, () -> Files.createDirectory(outgoing));
    }
    // Until a name has moved, a killed attempt may or may not have done this; repeating it is safe.
    if (entries(outgoing).isEmpty()) {
      copyRoot(place.live(), outgoing);
    }
    moveAll(place.live(), outgoing);
    journal.write(undo ? Phase.UNDOING_IN : Phase.MOVING_IN, 0);
    moveIn(undo);
  }

  private void moveIn(boolean undo) {
    if (undo && !Replacement.exists(place.stage())) {
      // This is done; the live tree now has the name of the previous tree.
      return;
    }
    Path incoming = incoming(undo);
    if (Replacement.exists(incoming)) {
      moveAll(incoming, place.live());
      copyRoot(incoming, place.live());
      FileFailures.run("remove", incoming, () -> Files.delete(incoming));
    }
    if (undo) {
      Replacement.rename(place.stage(), place.previous());
    }
  }

  private void moveAll(Path from, Path to) {
    for (Path entry : entries(from)) {
      Path name = entry.getFileName();
      if (name != null
          && !name.toString().equals(RestoreJournal.DIRECTORY)
          && !trees.isOfSystem(name)) {
        Replacement.rename(entry, to.resolve(name));
      }
    }
    FileFailures.run("sync", to, () -> sync.sync(to));
    FileFailures.run("sync", from, () -> sync.sync(from));
  }

  private static List<Path> entries(Path directory) {
    return FileFailures.translate("list", directory, () -> DirectoryEntries.of(directory));
  }

  /** Copies the attributes of a directory and its parts, which have no names to move. */
  private void copyRoot(Path from, Path to) {
    try (FileTree tree = trees.read(from);
        FileTree replaced = trees.read(to);
        TreeWriter writer = trees.write(to, losses)) {
      parts(replaced).forEach(writer::remove);
      parts(tree).forEach(part -> new TreeCopy(tree, writer).file(part, part));
      Optional<Stat> stat = tree.stat(TreePath.ROOT);
      Xattrs xattrs = tree.xattrs(TreePath.ROOT);
      stat.ifPresent(s -> writer.attributes(TreePath.ROOT, new Directory(), s.attributes(xattrs)));
    }
  }

  private static List<TreePath> parts(FileTree tree) {
    return tree.names(TreePath.ROOT).stream()
        .map(TreePath.ROOT::child)
        .filter(path -> tree.partOf(path).filter(TreePath::isRoot).isPresent())
        .toList();
  }
}
