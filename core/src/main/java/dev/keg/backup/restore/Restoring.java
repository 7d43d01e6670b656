package dev.keg.backup.restore;

import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.save.BackupContext;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Drivers;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.NewVolume;
import dev.keg.lifecycle.Removal;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.OwnNames;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.journal.RestoreJournal.Phase;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Restores volumes: creates the complete tree in a stage, which then changes places with the live
 * one. A failure before that leaves the volume unchanged.
 */
public final class Restoring {
  /** Belongs to the file system, not to a consumer of the volume. */
  private static final ByteString LOST_FOUND = ByteString.utf8("lost+found");

  private final BackupContext context;
  private final String operation;

  public Restoring(BackupContext context) {
    this(context, "restore");
  }

  /** The same with the name of another command at the beginning of messages. */
  public Restoring(BackupContext context, String operation) {
    this.context = context;
    this.operation = operation;
  }

  /**
   * A preview of a restore.
   *
   * @param proposal the volume that it would create; empty if one with the name exists
   * @param empty whether the volume has no content
   */
  public record Plan(Optional<Proposal> proposal, boolean empty) {}

  private DiskRestoring disk(RestoreSource source, RestoreRequest request) {
    return new DiskRestoring(context, operation, source, request);
  }

  /** Examines the volume; refuses one that is in use. */
  public Plan plan(RestoreSource source, RestoreRequest request) {
    VolumeName name = request.volume();
    if (!context.volumes().exists(name.text())) {
      return new Plan(Optional.of(proposal(source, request)), true);
    }
    if (disk(source, request).isPossible()) {
      disk(source, request).requireReplaceable();
      return new Plan(Optional.empty(), false);
    }
    try (RestoreLock _ = lock(name);
        View view = context.views().openAlone(operation, name)) {
      requireReplaceable(view, request);
      return new Plan(Optional.empty(), isEmpty(view) || exchange(view).isUnfinished());
    }
  }

  /**
   * Taken before the volume is opened: any hold found under this lock belongs to a killed restore.
   */
  RestoreLock lock(VolumeName name) {
    VolumeHome home = context.registry().layout().home(name);
    MoveJournal.requireHere(operation, name, home);
    return RestoreLock.take(operation, name, home);
  }

  private Proposal proposal(RestoreSource source, RestoreRequest request) {
    Volume described = source.volume().orElseGet(() -> Volume.plain(request.volume()));
    return Proposal.of(
        described, source.trusted() || request.samePlace(), context.services().drivers());
  }

  /** Restores; a missing volume is created as the source describes it, as far as it is trusted. */
  public void restore(RestoreSource source, RestoreRequest request, TreeListener listener) {
    if (!context.volumes().exists(request.volume().text())) {
      create(source, request, listener);
    } else if (disk(source, request).isPossible()) {
      disk(source, request).replace(listener);
    } else {
      fill(source, request, listener);
    }
  }

  /** The same for a missing volume; one that somebody else creates meanwhile is not touched. */
  public void create(RestoreSource source, RestoreRequest request, TreeListener listener) {
    create(source, request, Labels.NONE, listener);
  }

  /** The same, with labels in addition to those of the backup. */
  public void create(
      RestoreSource source, RestoreRequest request, Labels added, TreeListener listener) {
    Proposal proposal = proposal(source, request).with(added);
    if (source.volume().filter(Volume::holdsDisk).isPresent()) {
      disk(source, request).make(proposal, listener);
      return;
    }
    Volume made = make(proposal, request.volume(), listener);
    try {
      fill(source, request, listener);
    } catch (RuntimeException e) {
      remove(made, e);
      throw e;
    }
  }

  private void fill(RestoreSource source, RestoreRequest request, TreeListener listener) {
    VolumeName name = request.volume();
    try (RestoreLock _ = lock(name);
        View view = context.views().openAlone(operation, name)) {
      requireLasting(view.volume());
      requireReplaceable(view, request);
      boolean empty = isEmpty(view) || exchange(view).isUnfinished();
      requireEmpty(empty, request);
      StagedRestore staged =
          new StagedRestore(operation, context.trees(), view.data(), source, request, listener);
      exchange(view).run(staged::fill, request.mode() == Mode.MERGE, empty);
    }
  }

  /** Creates the volume, as far as the backup is trusted. */
  private Volume make(Proposal proposal, VolumeName name, TreeListener listener) {
    Volume made = proposal.made();
    if (made.options().isMasked()) {
      throw new RestoreFailed(
          operation,
          name.text(),
          "there is no such volume, and the backup does not hold its secret options",
          "create it first: keg create -d %s -o … %s".formatted(made.driver(), name));
    }
    boolean again = proposal.isAgain(name);
    Volume volume = proposal.volume(name, again, context.clock().instant());
    Volume published = publish(volume, again, context.services().poolFor(volume), Drivers::options);
    proposal.tell(listener);
    return published;
  }

  /** Creates a volume that is marked as incomplete before anybody sees it. */
  Volume publish(Volume volume, PoolName pool, BiFunction<Drivers, Volume, DriverOptions> options) {
    return publish(volume, false, pool, options);
  }

  private Volume publish(
      Volume volume,
      boolean again,
      PoolName pool,
      BiFunction<Drivers, Volume, DriverOptions> options) {
    VolumeDriver driver = context.driver(operation, volume);
    VolumeName name = volume.name();
    context.registry().openForWriting();
    context.services().takeBackUnfinished(volume.driver());
    try (var _ = context.registry().lock().lock(name, volume.details().id())) {
      if (context.registry().find(name).isPresent()) {
        throw new AlreadyExists(operation, name.text(), name.text());
      }
      driver.validate(options.apply(context.services().drivers(), volume));
      return new NewVolume(context.services(), operation, volume, Ownership.DEFAULT, pool)
          .publish(
              again,
              request -> {
                driver.create(request);
                new RestoreJournal(RegistryLayout.restoreJournal(request.home()), context.sync())
                    .write(Phase.FILLING, 0);
              });
    }
  }

  /**
   * Removes it, but neither another volume of that name nor one that another restore has completed.
   */
  void remove(Volume made, RuntimeException failure) {
    Path journal = RegistryLayout.restoreJournal(context.registry().layout().home(made.name()));
    try {
      var _ =
          context
              .volumes()
              .removeIf(
                  made.name(),
                  Removal.Mode.NORMAL,
                  now ->
                      now.details().id().equals(made.details().id())
                          && now.created().equals(made.created())
                          && new RestoreJournal(journal, context.sync())
                              .read()
                              .filter(progress -> progress.phase() == Phase.FILLING)
                              .isPresent());
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void requireLasting(Volume volume) {
    if (!context.driver(operation, volume).lasts(volume)) {
      throw new RestoreFailed(
          operation,
          volume.name().text(),
          "the volume is not mounted, and its driver keeps no data while unmounted",
          "mount it first, or take a volume of another driver");
    }
  }

  private void requireReplaceable(View view, RestoreRequest request) {
    if (request.mode().replaces()) {
      context.services().requireUnprotected(operation, view.volume());
    }
  }

  private void requireEmpty(boolean empty, RestoreRequest request) {
    if (request.mode() == Mode.EMPTY && !empty) {
      throw new RestoreFailed(
          operation,
          request.volume().text(),
          "the volume is not empty",
          "--replace replaces its content with the backup, --merge keeps what the backup does not"
              + " have, --to restores to another volume");
    }
  }

  boolean isEmpty(View view) {
    try (FileTree tree = context.trees().read(view.data())) {
      return tree.names(TreePath.ROOT).stream()
          .allMatch(name -> name.equals(LOST_FOUND) || OwnNames.isOwn(name));
    }
  }

  /**
   * Replaces the content of a volume with what the work puts into an empty directory; {@link #undo}
   * restores the previous content.
   */
  public void replace(VolumeName name, Consumer<Path> filling) {
    try (RestoreLock _ = lock(name);
        View view = context.views().openAlone(operation, name)) {
      requireLasting(view.volume());
      context.services().requireUnprotected(operation, view.volume());
      exchange(view).run(filling, false, false);
    }
  }

  /** The same for a volume with a disk; this cannot be undone. */
  public void replaceDisk(VolumeName name, Consumer<Path> filling) {
    new DiskExchange(context, operation, name).run(filling);
  }

  /** Restores the tree from before the last restore; a second call reverses that. */
  public void undo(VolumeName name) {
    onPrevious(name, TreeExchange::undo);
  }

  /** Whether the tree from before the last restore still exists. */
  public boolean canUndo(VolumeName name) {
    try (View view = context.views().open(operation, name)) {
      return exchange(view).canUndo();
    }
  }

  /** Deletes the tree from before the last restore. */
  public void discard(VolumeName name) {
    onPrevious(name, TreeExchange::discard);
  }

  private void onPrevious(VolumeName name, Consumer<TreeExchange> step) {
    if (!context.volumes().exists(name.text())) {
      throw new NotFound(operation, name.text());
    }
    try (RestoreLock _ = lock(name);
        View view = context.views().openAlone(operation, name)) {
      context.services().requireUnprotected(operation, view.volume());
      step.accept(exchange(view));
    }
  }

  TreeExchange exchange(View view) {
    return new TreeExchange(context, operation, view);
  }
}
