package dev.keg.copying;

import dev.keg.error.RegistryException.CopyFailed;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Moves a staged copy to its place. New files and directories move as a whole, a file replaces a
 * file, and an existing directory stays and receives the content of its copy. Nothing moves if a
 * directory would have to replace a file or the other way round.
 */
final class Merge {
  private final FileTree tree;
  private final TreePath stage;
  private final TreePath directory;
  private final List<TreePath> moves = new ArrayList<>();
  private final Deque<TreePath> open = new ArrayDeque<>(List.of(TreePath.ROOT));

  /**
   * @param stage its directory in the tree
   * @param directory where the stage's content goes
   */
  Merge(FileTree tree, TreePath stage, TreePath directory) {
    this.tree = tree;
    this.stage = stage;
    this.directory = directory;
  }

  void into(Stage moving) {
    while (!open.isEmpty()) {
      TreePath next = open.removeLast();
      for (ByteString name : tree.names(stage.resolve(next))) {
        plan(next.child(name));
      }
    }
    moves.forEach(made -> moving.publish(made, directory.resolve(made)));
  }

  private void plan(TreePath made) {
    TreePath place = directory.resolve(made);
    Optional<Stat> there = tree.stat(place);
    boolean onDirectory = there.filter(Merge::isDirectory).isPresent();
    boolean ofDirectory = tree.stat(stage.resolve(made)).filter(Merge::isDirectory).isPresent();
    if (onDirectory && ofDirectory) {
      open.addLast(made);
    } else if (onDirectory) {
      throw new CopyFailed(place.toString(), "cannot overwrite a directory with a file");
    } else if (ofDirectory && there.isPresent()) {
      throw new CopyFailed(place.toString(), "cannot overwrite a file with a directory");
    } else {
      moves.add(made);
    }
  }

  private static boolean isDirectory(Stat stat) {
    return stat.type() == Stat.Type.DIRECTORY;
  }
}
