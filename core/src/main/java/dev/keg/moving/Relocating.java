package dev.keg.moving;

import dev.keg.backup.restore.Restoring;
import dev.keg.backup.save.BackupContext;
import dev.keg.error.BackupException.BeingRestored;
import dev.keg.error.HolderException;
import dev.keg.error.HolderException.HasDependents;
import dev.keg.error.MoveException;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.PoolException.HasArchive;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.file.Subvolumes;
import dev.keg.moving.Moving.Moved;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.Relocations;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.registry.pool.Place;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * Moves volumes to another pool of their root: copies the whole home in passes while it is in use,
 * and makes a last pass while nobody may use it.
 */
public final class Relocating {
  private static final String OPERATION = "move";

  private final BackupContext context;
  private final MoveTools tools;
  private final Archiving archiving;
  private final Unarchiving unarchiving;
  private final TreeListener listener;
  private final VolumeRegistry registry;

  public Relocating(
      BackupContext context, MoveTools tools, Archives archives, TreeListener listener) {
    this.context = context;
    this.tools = tools;
    this.archiving = new Archiving(context, archives, listener);
    this.unarchiving = new Unarchiving(context, archives, listener);
    this.listener = listener;
    this.registry = context.registry();
  }

  /** Moves the volume there; does nothing if it is there already. */
  public Moved move(MoveRequest request, PoolName pool) {
    VolumeName name = request.volume();
    registry.openForWriting();
    Place to = registry.layout().places().require(pool);
    Volume volume = registry.get(OPERATION, name);
    if (registry.layout().places().of(name).equals(to)) {
      return new Moved(pool.text(), name, Optional.empty(), 0, Duration.ZERO);
    }
    VolumeHome home = context.home(volume);
    try (MoveLock _ = MoveLock.take(OPERATION, name, home)) {
      requireMovable(volume, home);
      return new Run(request, volume, home, to).run();
    }
  }

  /** Cancels interrupted moves to other pools; returns whether there were any. */
  public boolean undo(VolumeName name) {
    registry.openForWriting();
    VolumeHome home = context.home(registry.get(OPERATION, name));
    try (MoveLock _ = MoveLock.take(OPERATION, name, home)) {
      List<ArrivingCopy> left = registry.relocations().unfinished(name);
      left.forEach(registry.relocations()::abandon);
      return !left.isEmpty();
    }
  }

  private void requireMovable(Volume volume, VolumeHome home) {
    VolumeName name = volume.name();
    requireStillIn(home, name);
    if (ArchivedVolume.read(home).isEmpty()) {
      RestoreJournal.requireWhole(OPERATION, name, home);
    }
    if (MoveJournal.isMoving(name, home)) {
      throw new MoveFailed(
          name.text(),
          "it is moving to another host",
          "`keg move %s` completes that move, `keg move --undo %s` gives it up"
              .formatted(name, name));
    }
    requireNothingBuilt(name);
    if (isBuilt(home)) {
      throw new MoveFailed(
          name.text(), "it is built on another volume, and stays beside that", null);
    }
  }

  private static boolean isBuilt(VolumeHome home) {
    return Files.exists(home.file("base"), LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether the volume can be moved now without disturbing any user. */
  public boolean isFree(Volume volume) {
    VolumeHome home = context.home(volume);
    if (isBuilt(home) || MoveJournal.isMoving(volume.name(), home)) {
      return false;
    }
    try {
      context.volumes().requireUnused(OPERATION, volume);
      return true;
    } catch (HolderException | HasArchive | MoveException | BeingRestored _) {
      return false;
    }
  }

  private void requireStillIn(VolumeHome home, VolumeName name) {
    if (!registry.layout().home(name).equals(home)) {
      throw new MoveFailed(name.text(), "another command has moved it meanwhile", null);
    }
  }

  private void requireNothingBuilt(VolumeName name) {
    List<String> dependents = context.volumes().dependents(name);
    if (!dependents.isEmpty()) {
      throw new HasDependents(OPERATION, name.text(), dependents);
    }
  }

  /** Keeps everybody from the volume during the last pass, and makes the copy the volume. */
  interface Hold {
    /**
     * Runs the last pass, and hands over.
     *
     * @param last completes the copy, and returns the total number of bytes sent
     */
    Moved run(LongSupplier last);
  }

  /** A single move. */
  private final class Run {
    private final MoveRequest request;
    private final Volume volume;
    private final VolumeName name;
    private final VolumeHome home;
    private final Place to;
    private final ArrivingCopy copy;
    private final Relocations relocations = registry.relocations();
    private final Set<TreePath> noted = new HashSet<>();
    private boolean tells;

    Run(MoveRequest request, Volume volume, VolumeHome home, Place to) {
      this.request = request;
      this.volume = volume;
      this.name = volume.name();
      this.home = home;
      this.to = to;
      this.copy = new ArrivingCopy(to, name);
    }

    Moved run() {
      Optional<ArchivedVolume> archived = ArchivedVolume.read(home);
      Optional<String> repository = registry.layout().places().repository(to.pool());
      if (archived.isPresent() && repository.isPresent()) {
        throw new MoveFailed(
            name.text(), "it is archived already", "move it to a pool on a disk first");
      }
      try {
        if (archived.isEmpty() && repository.isEmpty()) {
          return relocate();
        }
        relocations.prepare(copy);
        return archived.isPresent()
            ? unarchiving.bringBack(volume, archived.get(), copy.home(), to.pool(), this::held)
            : archiving.archive(request, volume, copy, transfer(), this::held);
      } catch (RuntimeException e) {
        var _ = Thread.interrupted();
        if (repository.isPresent() || archived.isPresent() || !goesOn(e)) {
          abandon(e);
        }
        throw e;
      }
    }

    /** Whether the same move may succeed later; on a full disk, its copy must be deleted. */
    private static boolean goesOn(RuntimeException failure) {
      return failure instanceof CancellationException
          || failure instanceof HolderException
          || failure instanceof MoveException;
    }

    private void abandon(RuntimeException failure) {
      try {
        relocations.abandon(copy);
      } catch (VolumeException more) {
        failure.addSuppressed(more);
      }
    }

    private Moved relocate() {
      Optional<Instant> since = copy.since(volume.details().id());
      if (since.isEmpty()) {
        relocations.prepare(copy);
        limit();
        note(Instant.EPOCH);
      }
      try (FileTree whole = context.trees().read(home.path())) {
        PartialTree tree = new PartialTree(whole, TreePath.ROOT, Run::isOwn);
        Transfer transfer =
            new Transfer(context, arriving(), since.orElse(Instant.EPOCH), this::note);
        transfer.whileInUse(tree);
        return held(
            () -> {
              transfer.pass(tree);
              transfer.requireSame(tree, name.text());
              return transfer.bytes();
            });
      }
    }

    private void note(Instant since) {
      relocations.note(copy, volume, since);
    }

    private Transfer transfer() {
      return new Transfer(context, arriving(), Instant.EPOCH, _ -> {});
    }

    private LocalReceiver arriving() {
      return new LocalReceiver(
          context.trees(), copy.home().path(), name.text(), listener.withNotes(this::tell));
    }

    // A mount seen before the last passes is unmounted by then.
    private void tell(TreePath path, Note note, String text) {
      if (tells && noted.add(path)) {
        listener.note(path, note, text);
      }
    }

    /** Whether the path is the home's own directory rather than part of the volume. */
    private static boolean isOwn(TreePath path) {
      String own = path.name().toString();
      return path.depth() == 1 && own.endsWith(".lock");
    }

    private void limit() {
      var driver = context.driver(OPERATION, volume);
      if (driver.alwaysVisible(volume)
          && Files.isDirectory(home.data(), LinkOption.NOFOLLOW_LINKS)) {
        Path data = copy.home().data();
        FileFailures.run(
            "create",
            data,
            () -> {
              if (mayHaveLinks() || !Subvolumes.ofSystem().make(data)) {
                Files.createDirectory(data);
              }
            });
        driver.limitSuccessor(volume, copy.home(), data, false);
      }
    }

    /** Whether a restore may have left hard links to its files; none can lead into a subvolume. */
    private boolean mayHaveLinks() throws IOException {
      return Subvolumes.ofSystem().number(home.data()).isEmpty()
          && new Restoring(context, OPERATION).canUndo(name);
    }

    private Moved held(LongSupplier last) {
      HoldCommands commands = new HoldCommands(request, tools, context.volumes());
      try {
        commands.before();
        return handOver(last);
      } finally {
        // Only the work was interrupted, not putting the volume back into use.
        boolean interrupted = Thread.interrupted();
        commands.after();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private Moved handOver(LongSupplier last) {
      Instant from = context.clock().instant();
      tells = true;
      long bytes;
      try (RestoreLock _ = RestoreLock.take(OPERATION, name, home);
          MoveLock _ = hold()) {
        bytes = last.getAsLong();
        complete();
      }
      Duration held = Duration.between(from, context.clock().instant());
      return new Moved(to.pool().text(), name, Optional.empty(), bytes, held);
    }

    private MoveLock hold() {
      try (var _ = registry.lock().lock(name)) {
        Volume now = context.services().still(OPERATION, volume);
        context.volumes().release(OPERATION, now);
        return MoveLock.hold(OPERATION, name, home);
      }
    }

    private void complete() {
      try (var _ = registry.lock().lock(name)) {
        Volume now = context.services().still(OPERATION, volume);
        requireStillIn(home, name);
        requireNothingBuilt(name);
        new Snapshotting(context.services(), context.trees()).unshare(now, copy.home());
        relocations.complete(labelled(now), copy, old -> unlimit(now, old));
      }
    }

    /** Removes the directory's limit, which would stay in the file system's table. */
    private void unlimit(Volume now, VolumeHome old) {
      context.driver(OPERATION, now).unlimit(now, context.home(now), old.data());
    }

    /** Removes a label that asks for another pool, which would move it back. */
    private Volume labelled(Volume now) {
      return now.labels().map().containsKey(Labels.POOL)
          ? now.withLabels(now.labels().with(Labels.POOL, to.pool().text()))
          : now;
    }
  }
}
