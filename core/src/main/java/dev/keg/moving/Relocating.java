package dev.keg.moving;

import dev.keg.backup.save.BackupContext;
import dev.keg.error.HolderException;
import dev.keg.error.HolderException.HasDependents;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.PoolException.HasArchive;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.moving.Moving.Moved;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.Relocations;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.registry.pool.Place;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Moves volumes to another pool of their root: their whole directory, in passes while they are in
 * use, with a last one while nobody may use them.
 */
public final class Relocating {
  private static final String OPERATION = "move";

  private final BackupContext context;
  private final MoveTools tools;
  private final Archiving archiving;
  private final Returning returning;
  private final TreeListener listener;
  private final VolumeRegistry registry;

  public Relocating(
      BackupContext context, MoveTools tools, Archives archives, TreeListener listener) {
    this.context = context;
    this.tools = tools;
    this.archiving = new Archiving(context, archives, listener);
    this.returning = new Returning(context, archives, listener);
    this.listener = listener;
    this.registry = context.registry();
  }

  /** Moves the volume there; one that is there already stays as it is. */
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

  /** Whether nothing keeps the volume where it is, now that nobody is to be disturbed. */
  public boolean isFree(Volume volume) {
    VolumeHome home = context.home(volume);
    if (isBuilt(home) || MoveJournal.isMoving(volume.name(), home)) {
      return false;
    }
    try {
      context.volumes().requireUnused(OPERATION, volume);
      return true;
    } catch (HolderException | HasArchive _) {
      return false;
    }
  }

  /** Whether the volume is there only until an archived one is back, whose data it has. */
  public static boolean isReturning(Volume volume) {
    return Returning.isReturning(volume);
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

  /** Keeps everybody from the volume while the last is done, and makes the copy the volume. */
  interface Hold {
    /**
     * Runs what is left to do, and hands over.
     *
     * @param last completes the copy, and tells how many bytes were sent in all
     */
    Moved run(LongSupplier last);
  }

  /** Tells what the last passes leave out; what is mounted before is not mounted then. */
  private static final class LastNotes implements TreeListener {
    private final TreeListener next;
    private final Set<TreePath> noted = new HashSet<>();
    private boolean last;

    LastNotes(TreeListener next) {
      this.next = next;
    }

    @Override
    public void advanced(long bytes) {
      next.advanced(bytes);
    }

    @Override
    public void finished() {
      next.finished();
    }

    @Override
    public void note(TreePath path, Note note, String text) {
      if (last && noted.add(path)) {
        next.note(path, note, text);
      }
    }
  }

  /** One move. */
  private final class Run {
    private final MoveRequest request;
    private final Volume volume;
    private final VolumeName name;
    private final VolumeHome home;
    private final Place to;
    private final Relocations relocations = registry.relocations();
    private final LastNotes notes = new LastNotes(listener);

    Run(MoveRequest request, Volume volume, VolumeHome home, Place to) {
      this.request = request;
      this.volume = volume;
      this.name = volume.name();
      this.home = home;
      this.to = to;
    }

    Moved run() {
      Optional<ArchivedVolume> archived = ArchivedVolume.read(home);
      Optional<String> repository = registry.layout().places().repository(to.pool());
      if (archived.isPresent() && repository.isPresent()) {
        throw new MoveFailed(
            name.text(), "it is archived already", "move it to a pool on a disk first");
      }
      VolumeHome copy = relocations.prepare(name, to);
      try {
        if (archived.isPresent()) {
          return returning.bringBack(volume, archived.get(), copy, to.pool(), held(copy));
        }
        return repository.isPresent()
            ? archiving.archive(volume, repository.get(), copy, transfer(copy), held(copy))
            : relocate(copy);
      } catch (RuntimeException e) {
        var _ = Thread.interrupted();
        try {
          relocations.abandon(copy);
        } catch (VolumeException more) {
          e.addSuppressed(more);
        }
        throw e;
      }
    }

    private Moved relocate(VolumeHome copy) {
      try (FileTree whole = context.trees().read(home.path())) {
        limit(copy);
        PartialTree tree = new PartialTree(whole, TreePath.ROOT, Run::isOwn);
        Transfer transfer = transfer(copy);
        transfer.whileInUse(tree);
        return held(copy)
            .run(
                () -> {
                  transfer.pass(tree);
                  transfer.requireSame(tree, name.text());
                  return transfer.bytes();
                });
      }
    }

    private Transfer transfer(VolumeHome copy) {
      return new Transfer(
          context,
          new OtherPlace(context.trees(), copy.path(), name.text(), notes),
          Instant.EPOCH,
          _ -> {});
    }

    /** What is about the directory itself, not about the volume. */
    private static boolean isOwn(TreePath path) {
      String own = path.name().toString();
      return path.depth() == 1 && own.endsWith(".lock");
    }

    private void limit(VolumeHome copy) {
      var driver = context.driver(OPERATION, volume);
      if (driver.alwaysVisible(volume)
          && Files.isDirectory(home.data(), LinkOption.NOFOLLOW_LINKS)) {
        FileFailures.run("create", copy.data(), () -> Files.createDirectory(copy.data()));
        driver.limitSuccessor(volume, copy, copy.data(), false);
      }
    }

    private Hold held(VolumeHome copy) {
      return last -> held(copy, last);
    }

    private Moved held(VolumeHome copy, LongSupplier last) {
      HoldCommands commands = new HoldCommands(request, tools, context.volumes());
      try {
        commands.before();
        return handOver(copy, last);
      } finally {
        // It was interrupted, not what puts the volume back into use.
        boolean interrupted = Thread.interrupted();
        commands.after();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private Moved handOver(VolumeHome copy, LongSupplier last) {
      Instant from = context.clock().instant();
      notes.last = true;
      long bytes;
      try (RestoreLock _ = RestoreLock.take(OPERATION, name, home);
          MoveLock _ = hold()) {
        bytes = last.getAsLong();
        complete(copy);
      }
      Duration held = Duration.between(from, context.clock().instant());
      return new Moved(to.pool().text(), name, Optional.empty(), bytes, held);
    }

    private MoveLock hold() {
      try (var _ = registry.lock().lock(name)) {
        Volume now = registry.get(OPERATION, name);
        context.volumes().release(OPERATION, now);
        return MoveLock.hold(OPERATION, name, home);
      }
    }

    private void complete(VolumeHome copy) {
      try (var _ = registry.lock().lock(name)) {
        Volume now = registry.get(OPERATION, name);
        if (!now.details().id().equals(volume.details().id())) {
          throw new MoveFailed(name.text(), "another volume has its name now", null);
        }
        requireStillIn(home, name);
        requireNothingBuilt(name);
        relocations.complete(labelled(now), copy, to, old -> unlimit(now, old));
      }
    }

    /** The limit of a directory stays in the file system's table when that is deleted. */
    private void unlimit(Volume now, VolumeHome old) {
      context.driver(OPERATION, now).unlimit(now, context.home(now), old.data());
    }

    /** A label that asks for another pool would bring it back. */
    private Volume labelled(Volume now) {
      return now.labels().map().containsKey(Labels.POOL)
          ? now.withLabels(now.labels().with(Labels.POOL, to.pool().text()))
          : now;
    }
  }
}
