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

/** Gives a volume that nobody else has open another tree of files, and the one before back. */
record TreeExchange(BackupContext context, String operation, View view) {
  /**
   * The work puts the tree into an empty directory.
   *
   * @param linked whether the work links files of the volume into the directory
   */
  void run(Consumer<Path> filling, boolean linked, boolean wasEmpty) {
    Replacement replacement = replacement();
    view.alone(operation, replacement::prepare);
    try {
      view.alone(operation, () -> limit(linked));
      filling.accept(place().stage());
      view.alone(operation, replacement::commit);
    } catch (RuntimeException e) {
      // The work was interrupted, not what clears up after it.
      var _ = Thread.interrupted();
      abandon(replacement, e);
      throw e;
    }
    if (wasEmpty) {
      view.alone(operation, () -> discard(replacement));
    }
  }

  /**
   * Whether an earlier restore made the volume and was killed before it was done. Content of a
   * mounted volume may have been there before that.
   */
  boolean isUnfinished() {
    return !view.isMounted() && replacement().isFilling();
  }

  boolean canUndo() {
    return replacement().canUndo();
  }

  /** Brings back the tree before, unless a killed command did that just now. */
  void undo() {
    onPrevious(
        (replacement, undone) -> {
          if (!undone) {
            replacement.undo();
          }
        });
  }

  /** Lets the tree before go. */
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

  // What is inside a mount has its limit.
  private void limit(boolean linked) {
    Volume volume = view.volume();
    if (!view.isMounted()) {
      context
          .driver(operation, volume)
          .limitSuccessor(volume, context.home(volume), place().stage(), linked);
    }
  }

  /** Consumers such as databases want a new volume to hold nothing that is not theirs. */
  private void discard(Replacement replacement) {
    replacement.forgetPrevious();
    Path inside = view.data().resolve(RestoreJournal.DIRECTORY);
    if (view.isMounted()) {
      FileFailures.run("remove", inside, () -> Files.deleteIfExists(inside));
    }
  }

  // Whatever happened, the journal knows whether the stage is garbage or live by now.
  private void abandon(Replacement replacement, RuntimeException failure) {
    try (var _ = context.registry().lock().lock(view.volume().name())) {
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
