package dev.keg.backup.restore;

import dev.keg.backup.save.BackupContext;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.file.FileFailures;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.volume.Volume;
import dev.keg.volumeset.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Replaces the tree of a volume that nobody else has open, and restores the previous one. */
record TreeExchange(BackupContext context, String operation, View view) {
  /**
   * @param filling puts the tree into an empty directory
   * @param linked whether it hard-links files of the volume into that directory
   */
  void run(Consumer<Path> filling, boolean linked, boolean wasEmpty) {
    Replacement replacement = replacement();
    view.alone(operation, replacement::prepare);
    try {
      view.alone(operation, () -> limit(linked));
      filling.accept(place().stage());
      view.alone(operation, replacement::commit);
    } catch (RuntimeException e) {
      // Only the work was interrupted, not the cleanup.
      var _ = Thread.interrupted();
      abandon(replacement, e);
      throw e;
    }
    if (wasEmpty) {
      view.alone(operation, () -> discard(replacement));
    }
  }

  /**
   * Whether an earlier restore created the volume and was killed before it was complete. Content of
   * a mounted volume may be older than that.
   */
  boolean isUnfinished() {
    return !view.isMounted() && replacement().isFilling();
  }

  boolean canUndo() {
    return replacement().canUndo();
  }

  /** Restores the previous tree, unless recovery has just completed a killed undo. */
  void undo() {
    onPrevious(
        (replacement, undone) -> {
          if (!undone) {
            replacement.undo();
          }
        });
  }

  /** Deletes the previous tree. */
  void discard() {
    onPrevious((replacement, _) -> discard(replacement));
  }

  private interface Step {
    void on(Replacement replacement, boolean undone);
  }

  private void onPrevious(Step step) {
    Replacement replacement = replacement();
    view.alone(
        operation,
        () -> {
          boolean undone = replacement.recover();
          if (!replacement.canUndo()) {
            throw new RestoreFailed(
                view.volume().name().text(), "there is no restore to undo", null);
          }
          step.on(replacement, undone);
        });
  }

  // A stage inside a mount is subject to the mount's limit.
  private void limit(boolean linked) {
    Volume volume = view.volume();
    if (!view.isMounted()) {
      context
          .driver(operation, volume)
          .limitSuccessor(volume, context.home(volume), place().stage(), linked);
    }
  }

  /** Consumers such as databases require a new volume to be empty. */
  private void discard(Replacement replacement) {
    replacement.forgetPrevious();
    Path inside = view.data().resolve(RestoreJournal.DIRECTORY);
    if (view.isMounted()) {
      FileFailures.run("remove", inside, () -> Files.deleteIfExists(inside));
    }
  }

  // After any failure, the journal knows whether the stage is garbage or live by now.
  private void abandon(Replacement replacement, RuntimeException failure) {
    try (var _ = context.registry().lock().lock(view.volume().name())) {
      var _ = context.services().still(operation, view.volume());
      replacement.recover();
      if (view.isMounted() && !replacement.canUndo()) {
        discard(replacement);
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Replacement replacement() {
    Volume volume = view.volume();
    VolumeDriver driver = context.driver(operation, volume);
    return new Replacement(
        context.trees(),
        place(),
        context.sync(),
        new Replacement.Listener() {
          @Override
          public void discarded(Path tree) {
            driver.unlimit(volume, context.home(volume), tree);
          }

          @Override
          public void lost(String what, String why) {
            context
                .registry()
                .warn("%s of the root of %s is lost: %s".formatted(what, volume.name(), why));
          }
        });
  }

  private RestorePlace place() {
    return view.isMounted()
        ? RestorePlace.inside(context.home(view.volume()), view.data())
        : RestorePlace.beside(context.home(view.volume()));
  }
}
