package dev.keg.backup.restore;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.CreationMode;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.journal.RestoreJournal.Phase;
import dev.keg.registry.journal.RestoreJournal.Progress;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Puts a restored tree in the place of the live one. Where the kernel can exchange two directories
 * that is one step; a mounted volume's directory cannot be exchanged, so the names in it are moved,
 * under a journal that the next command follows to its end. The tree before is kept for {@link
 * #undo}. The caller holds the volume's lock, and has seen that nobody uses the volume.
 */
final class Replacement {
  private final FileTrees trees;
  private final RestorePlace place;
  private final DirectorySync sync;
  private final RestoreJournal journal;
  private final NameMoves moves;
  private final Listener listener;

  /** Hears what becomes of the trees. */
  @FunctionalInterface
  interface Listener {
    /** A tree beside the live one is about to be deleted. */
    void discarded(Path tree);

    /** Something of the directory of a mounted volume, whose names alone move, cannot be kept. */
    default void lost(String what, String why) {}
  }

  public Replacement(FileTrees trees, RestorePlace place, DirectorySync sync, Listener listener) {
    this.trees = trees;
    this.place = place;
    this.sync = sync;
    this.listener = listener;
    journal = new RestoreJournal(place.journal(), sync);
    moves = new NameMoves(trees, place, sync, (_, what, why) -> listener.lost(what, why));
  }

  /** Makes the empty stage; what a killed restore left is put in order before. */
  public Path prepare() {
    recover();
    place.requireFree();
    boolean filling = isFilling();
    if (!filling) {
      journal.write(Phase.STAGING, 0);
    }
    Path parent = parent(place.stage());
    FileFailures.run(
        "create directory",
        place.stage(),
        () -> {
          if (place.isInside() && !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(parent, CreationMode.ownersDirectory(parent));
          }
          Files.createDirectory(place.stage(), CreationMode.ownersDirectory(parent));
        });
    if (filling && place.isInside()) {
      journal.stageMade();
    }
    return place.stage();
  }

  /** Whether the volume was made by a restore and has no content of its own yet. */
  public boolean isFilling() {
    return journal.read().filter(found -> found.phase() == Phase.FILLING).isPresent();
  }

  /** Gives up; the live tree is as it was. */
  public void abandon() {
    delete(place.stage());
    journal.delete();
  }

  /** The stage becomes the live tree. */
  public void commit() {
    discardPrevious();
    if (place.isInside()) {
      moves.swap(journal, false);
    } else {
      // A volume that is being filled stays marked as that until its content is in place.
      boolean filling = isFilling();
      if (!filling) {
        journal.write(Phase.EXCHANGING, inode(place.stage()));
      }
      if (trees.exchange(place.live(), place.stage())) {
        rename(place.stage(), place.previous());
      } else {
        if (!filling) {
          journal.write(Phase.RENAMING, 0);
        }
        rename(place.live(), place.previous());
        rename(place.stage(), place.live());
      }
      syncParent();
    }
    journal.delete();
    delete(place.trash());
  }

  /**
   * The tree before the last restore becomes the live one, and can be undone in turn. One that was
   * killed is ended, and not turned round.
   */
  public void undo() {
    if (recover()) {
      return;
    }
    if (!exists(place.previous())) {
      throw new FileFailure("undo", place.live().toString(), "no restore to undo", null);
    }
    if (place.isInside()) {
      moves.swap(journal, true);
    } else if (!trees.exchange(place.live(), place.previous())) {
      journal.write(Phase.UNDOING_RENAME, 0);
      rename(place.live(), place.stage());
      var _ = afterUndoingRename();
    }
    syncParent();
    journal.delete();
  }

  /** Whether there is a tree to go back to. */
  public boolean canUndo() {
    return exists(place.previous());
  }

  /** Lets the tree before go. */
  public void forgetPrevious() {
    recover();
    discardPrevious();
    delete(place.trash());
  }

  /**
   * Brings what a killed restore left to one of its two ends: the old tree or the new one. True if
   * it was an {@link #undo}, which is done then.
   */
  public boolean recover() {
    journal.discardDraft();
    Optional<Progress> found = journal.read();
    if (found.isEmpty()) {
      return false;
    }
    Phase phase = found.get().phase();
    boolean undone = false;
    switch (phase) {
      case FILLING -> {
        // The mark stays: only a restore that succeeds makes the volume complete.
        if (!exists(place.live())) {
          rename(place.previous(), place.live());
        }
        requireOwnStage(found.get());
        delete(place.stage());
        return false;
      }
      case STAGING -> delete(place.stage());
      case EXCHANGING -> afterExchange(found.get().inode());
      case RENAMING -> afterRename();
      case UNDOING_RENAME -> undone = afterUndoingRename();
      case MOVING_OUT, MOVING_IN -> moves.resume(journal, phase);
      case UNDOING_OUT, UNDOING_IN -> {
        moves.resume(journal, phase);
        undone = true;
      }
    }
    journal.delete();
    delete(place.trash());
    return undone;
  }

  /** Another volume may have the same directory of the host, and all that it has in its stage. */
  private void requireOwnStage(Progress filling) {
    Path stage = place.stage();
    boolean another =
        place.isInside()
            && exists(stage)
            && !FileFailures.<Boolean>translate("look at", stage, () -> filling.isFilling(stage));
    if (another) {
      throw new FileFailure(
          "restore into",
          stage.toString(),
          "another command has made it; check it, then move it away or remove it",
          null);
    }
  }

  private void afterExchange(long inode) {
    if (inode(place.live()) != inode) {
      delete(place.stage());
    } else if (exists(place.stage())) {
      rename(place.stage(), place.previous());
    }
  }

  private void afterRename() {
    if (!exists(place.live())) {
      rename(place.stage(), place.live());
    } else {
      // The live tree is whole, also if the stage cannot be deleted now.
      journal.write(Phase.STAGING, 0);
      delete(place.stage());
    }
  }

  /** False if there was nothing to do: before its first step or after its last one. */
  private boolean afterUndoingRename() {
    boolean isBetween = !exists(place.live()) || exists(place.stage());
    if (!exists(place.live())) {
      rename(place.previous(), place.live());
    }
    if (exists(place.stage())) {
      rename(place.stage(), place.previous());
    }
    return isBetween;
  }

  private void discardPrevious() {
    if (exists(place.previous())) {
      delete(place.trash());
      rename(place.previous(), place.trash());
    }
  }

  private long inode(Path directory) {
    try (FileTree tree = trees.read(directory)) {
      return tree.stat(TreePath.ROOT).map(Stat::inode).orElse(0L);
    }
  }

  private void syncParent() {
    Path parent = parent(place.live());
    FileFailures.run("sync", parent, () -> sync.sync(parent));
  }

  static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent");
    }
    return parent;
  }

  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  static void rename(Path from, Path to) {
    FileFailures.run("rename", from, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
  }

  private void delete(Path tree) {
    if (!place.isInside() && exists(tree)) {
      listener.discarded(tree);
    }
    try {
      TreeDeletion.delete(tree);
    } catch (IOException e) {
      throw FileFailures.failure("remove", tree, e);
    }
  }
}
