package dev.keg.backup.restore;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.CreationMode;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.Subvolumes;
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
import java.util.OptionalLong;

/**
 * Replaces the live tree by a restored one. If the kernel can exchange the two directories, this is
 * a single step. A mounted volume's directory cannot be exchanged, so the names in it are moved,
 * with a journal that lets the next command complete the move. The previous tree is kept for {@link
 * #undo}. The caller holds the volume's lock, and has checked that nobody uses the volume.
 */
final class Replacement {
  private final FileTrees trees;
  private final RestorePlace place;
  private final DirectorySync sync;
  private final RestoreJournal journal;
  private final NameMoves moves;
  private final Listener listener;

  /** Learns what happens to the trees. */
  @FunctionalInterface
  interface Listener {
    /** A tree beside the live one is about to be deleted. */
    void discarded(Path tree);

    /** Part of a mounted volume's own directory is lost, since only the names in it move. */
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

  /** Creates the empty stage, after cleaning up after a killed restore. */
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
          if (!isSubvolume(place.live()) || !Subvolumes.ofSystem().make(place.stage())) {
            Files.createDirectory(place.stage(), CreationMode.ownersDirectory(parent));
          }
        });
    if (filling && place.isInside()) {
      journal.stageMade();
    }
    return place.stage();
  }

  // The stage of a mounted volume is inside it, and its content is renamed into place.
  private boolean isSubvolume(Path live) throws IOException {
    return !place.isInside() && Subvolumes.ofSystem().number(live).isPresent();
  }

  /** Whether a restore created the volume, and it has no content of its own yet. */
  public boolean isFilling() {
    return journal.read().filter(found -> found.phase() == Phase.FILLING).isPresent();
  }

  /** Gives up, leaving the live tree unchanged. */
  public void abandon() {
    delete(place.stage());
    journal.delete();
  }

  /** Makes the stage the live tree. */
  public void commit() {
    discardPrevious();
    if (place.isInside()) {
      moves.swap(journal, false);
    } else {
      // A volume that is being filled stays marked until its content is in place.
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
   * Makes the tree before the last restore live again, which can itself be undone. After a killed
   * undo, this completes it rather than reversing it.
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

  /** Whether there is a previous tree. */
  public boolean canUndo() {
    return exists(place.previous());
  }

  /** Deletes the previous tree. */
  public void forgetPrevious() {
    recover();
    discardPrevious();
    delete(place.trash());
  }

  /**
   * Completes or reverts a killed restore, leaving either the old or the new tree. Returns true if
   * it completed an {@link #undo}.
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
        // The mark stays: only a successful restore makes the volume complete.
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

  /**
   * Refuses a stage that may belong to another volume with the same directory of the host, since
   * all of that volume's content may be in it.
   */
  private void requireOwnStage(Progress filling) {
    Path stage = place.stage();
    boolean another =
        place.isInside()
            && exists(stage)
            && !FileFailures.<Boolean>translate("examine", stage, () -> filling.isFilling(stage));
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
      // The live tree is complete, even if the stage cannot be deleted now.
      journal.write(Phase.STAGING, 0);
      delete(place.stage());
    }
  }

  /** Returns false if there was nothing to do: before its first step or after its last. */
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

  /** Its inode; all subvolumes have the same one, but a number of their own. */
  private long inode(Path directory) {
    OptionalLong subvolume =
        FileFailures.translate("examine", directory, () -> Subvolumes.ofSystem().number(directory));
    if (subvolume.isPresent()) {
      return -subvolume.getAsLong();
    }
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
