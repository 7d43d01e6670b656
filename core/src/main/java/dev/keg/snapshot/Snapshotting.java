package dev.keg.snapshot;

import dev.keg.attachment.Conflicts.CopySource;
import dev.keg.cloning.DirectoryCopy;
import dev.keg.driver.Adopts;
import dev.keg.driver.Compacts;
import dev.keg.driver.Freezes;
import dev.keg.driver.Snapshots;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.file.FreeSpace;
import dev.keg.file.WorkListener;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.SnapshotRegistry;
import dev.keg.registry.Unfinished;
import dev.keg.registry.Unfinished.Kind;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes, lists and removes snapshots, each under its volume's lock. */
public final class Snapshotting {
  private static final String CREATE = "snapshot create";
  private static final String LIST = "snapshot ls";
  private static final String REMOVE = "snapshot rm";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);

  private final Services services;
  private final VolumeRegistry registry;
  private final SnapshotRegistry snapshots;
  private final FileTrees trees;
  private final WorkListener work;

  /** Takes snapshots without progress. */
  public Snapshotting(Services services, FileTrees trees) {
    this(services, trees, WorkListener.NONE);
  }

  /**
   * @param work receives the progress of copied files
   */
  public Snapshotting(Services services, FileTrees trees, WorkListener work) {
    this.services = services;
    this.registry = services.registry();
    this.snapshots = registry.snapshots();
    this.trees = trees;
    this.work = work;
  }

  /**
   * The cost of a snapshot.
   *
   * @param shared whether it shares its data with the volume, and so takes only a moment and no
   *     space
   * @param copied how much would be copied otherwise
   */
  public record Cost(boolean shared, Size copied) {}

  /** The cost of a snapshot of the volume now. */
  public Cost cost(String text) {
    VolumeName name = registry.openFor(CREATE, text);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get(CREATE, name);
      VolumeDriver driver = driver(volume);
      if (isOnServer(volume, driver)) {
        return new Cost(true, Size.ZERO);
      }
      VolumeHome staged = registry.stageBeside(name);
      try {
        return BlockSharing.isPossible(trees, name, data(volume, driver), staged)
            ? new Cost(true, Size.ZERO)
            : new Cost(false, copied(volume, driver));
      } finally {
        registry.abandon(staged);
      }
    }
  }

  public Snapshot create(SnapshotRequest request) {
    VolumeName name = registry.openFor(CREATE, request.volume());
    services.takeBackUnfinished(name);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get(CREATE, name);
      VolumeDriver driver = driver(volume);
      boolean consistent = isConsistent(volume, driver);
      RestoreJournal.requireWhole(CREATE, name, services.home(name));
      SnapshotName wanted = request.name().orElseGet(() -> free(name));
      snapshots.requireFree(CREATE, name, wanted);
      VolumeHome staged = registry.stageBeside(name);
      try {
        boolean onServer = isOnServer(volume, driver);
        Unfinished unfinished = new Unfinished(Kind.SNAPSHOT, volume, staged);
        if (onServer) {
          unfinished.note(registry.layout());
        }
        boolean shared =
            onServer || BlockSharing.isPossible(trees, name, data(volume, driver), staged);
        ZonedDateTime now = services.clock().instant().atZone(services.clock().getZone());
        boolean atOnce = fill(volume, driver, staged, shared);
        Snapshot made =
            new Snapshot(
                volume,
                wanted,
                now.toInstant(),
                request.expires().map(age -> age.after(now).toInstant()),
                shared && !(driver instanceof Snapshots power && power.isCopied(volume, staged)),
                consistent || atOnce,
                request.scheduled());
        snapshots.publish(made, staged);
        if (onServer) {
          unfinished.forget(registry.layout(), snapshots.home(name, wanted));
        }
        return made;
      } catch (RuntimeException e) {
        abandon(volume, driver, staged, e);
        throw e;
      }
    }
  }

  /**
   * The driver of the volume, which must support snapshots unless the data is always visible and
   * can be copied here.
   */
  private VolumeDriver driver(Volume volume) {
    VolumeDriver driver = services.driver(CREATE, volume);
    if (!driver.alwaysVisible(volume) && !(driver instanceof Snapshots)) {
      throw new NotSupported(
          CREATE,
          volume.name().text(),
          "driver '%s' has no snapshots; `keg backup` keeps a copy".formatted(volume.driver()));
    }
    return driver;
  }

  /**
   * Whether the snapshot is of a single moment: a frozen file system is copied as a whole, a
   * directory file by file.
   */
  private boolean isConsistent(Volume volume, VolumeDriver driver) {
    VolumeName name = volume.name();
    if (driver.alwaysVisible(volume)) {
      // Content of mounts inside it would be left out.
      services.conflicts().refuseMounts(CREATE, name);
      return services.conflicts().isStill(name);
    }
    boolean mounted =
        driver instanceof Freezes
            || (driver instanceof Snapshots power && power.canBeMountedMeanwhile(volume));
    services
        .conflicts()
        .refuseSaving(CREATE, name, mounted ? CopySource.FREEZING : CopySource.DISK);
    return true;
  }

  private Path data(Volume volume, VolumeDriver driver) {
    VolumeHome home = services.home(volume.name());
    if (driver.alwaysVisible(volume)) {
      return driver.mountpoint(volume, home);
    }
    Optional<Path> elsewhere =
        driver instanceof Adopts adopts ? adopts.elsewhere(volume, home) : Optional.empty();
    return elsewhere.map(disk -> disk.resolveSibling("")).orElse(home.path());
  }

  private SnapshotName free(VolumeName volume) {
    String time =
        services
            .clock()
            .instant()
            .atZone(services.clock().getZone())
            .truncatedTo(ChronoUnit.SECONDS)
            .format(TIME);
    List<SnapshotName> taken = snapshots.names(volume);
    SnapshotName name = new SnapshotName(time);
    for (int i = 2; taken.contains(name); i++) {
      name = new SnapshotName(time + "-" + i);
    }
    return name;
  }

  /** Whether it has the data of one moment, whoever writes. */
  private boolean fill(Volume volume, VolumeDriver driver, VolumeHome staged, boolean shared) {
    VolumeHome home = services.home(volume.name());
    Size copied = shared ? Size.ZERO : copied(volume, driver);
    if (!shared) {
      requireRoom(volume, copied, staged);
    }
    if (driver instanceof Snapshots power && !driver.alwaysVisible(volume)) {
      power.snapshot(volume, home, staged);
      return true;
    }
    work.expected(copied.bytes());
    return new DirectoryCopy(trees, CREATE, volume.name(), TreeListener.of(work))
        .keep(driver.mountpoint(volume, home), staged.data());
  }

  /** The amount to copy; an image is copied as a whole, even if its files can be measured. */
  private Size copied(Volume volume, VolumeDriver driver) {
    if (driver instanceof Compacts images && !driver.alwaysVisible(volume)) {
      VolumeHome home = services.home(volume.name());
      return FileFailures.translate("measure", home.path(), () -> images.room(volume, home));
    }
    return new Volumes(services).usage(volume);
  }

  private static void requireRoom(Volume volume, Size needed, VolumeHome staged) {
    Size free = FreeSpace.at(staged.path());
    if (needed.bytes() > free.bytes()) {
      throw new DriverFailed(
          CREATE,
          volume.name().text(),
          "the copy needs %s, but only %s is free".formatted(needed.human(), free.human()));
    }
  }

  private static boolean isOnServer(Volume volume, VolumeDriver driver) {
    return driver instanceof Snapshots power && power.areOnServer(volume);
  }

  // What cannot be discarded now is noted in the home, for a later command.
  private void abandon(
      Volume volume, VolumeDriver driver, VolumeHome staged, RuntimeException failure) {
    // Only the work was interrupted, not the cleanup.
    var _ = Thread.interrupted();
    try {
      if (driver instanceof Snapshots power) {
        power.discard(volume, staged);
      }
      registry.abandon(staged);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** These snapshots of a volume, or all, the oldest first; unreadable ones are problems. */
  public List<Snapshot> list(
      String text, List<SnapshotName> names, Consumer<VolumeException> problems) {
    VolumeName name =
        new Volumes(services)
            .nameOf(text)
            .filter(known -> registry.openForReading() && registry.find(known).isPresent())
            .orElseThrow(() -> new NotFound(LIST, text));
    return names.isEmpty()
        ? snapshots.list(name, problems)
        : snapshots.list(LIST, name, names, problems);
  }

  /** The snapshots of all volumes; unreadable ones are problems. */
  public List<Snapshot> list(Consumer<VolumeException> problems) {
    return registry.openForReading()
        ? registry.names().stream()
            .flatMap(name -> snapshots.list(name, problems).stream())
            .toList()
        : List.of();
  }

  /** Notes that the snapshots in a home that was copied to another disk share nothing there. */
  public void unshare(Volume volume, VolumeHome copied) {
    if (!isOnServer(volume, services.driver("move", volume))) {
      snapshots.unshare(volume.name(), copied);
    }
  }

  /** Removes a snapshot that nobody uses; a protected volume keeps its snapshots. */
  public void remove(String text, SnapshotName snapshot) {
    VolumeName name = registry.openFor(REMOVE, text);
    services.takeBackUnfinished(name);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get(REMOVE, name);
      services.requireUnprotected(REMOVE, volume);
      String subject = name + "@" + snapshot;
      // A damaged one can be removed as well.
      VolumeHome home = snapshots.home(name, snapshot);
      if (!Files.isDirectory(home.path())) {
        var _ = snapshots.get(REMOVE, name, snapshot);
      }
      services.conflicts().refuseMountedSnapshots(REMOVE, subject, home.path());
      SnapshotLock.requireFree(REMOVE, subject, home);
      discard(name, snapshot);
      snapshots.remove(name, snapshot);
    }
  }

  /** The snapshot of a backup consists of plain files, whatever the driver. */
  private void discard(VolumeName name, SnapshotName snapshot) {
    Optional<Volume> then = intact(name, snapshot);
    if (then.isPresent() && services.driver(REMOVE, then.get()) instanceof Snapshots power) {
      power.discard(then.get(), snapshots.home(name, snapshot));
    }
  }

  private Optional<Volume> intact(VolumeName name, SnapshotName snapshot) {
    try {
      return snapshots.find(name, snapshot).map(Snapshot::volume);
    } catch (Damaged _) {
      return registry.find(name);
    }
  }
}
