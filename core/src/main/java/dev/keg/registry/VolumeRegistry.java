package dev.keg.registry;

import dev.keg.error.InvalidInput.EmptyName;
import dev.keg.error.PoolException.PoolIsArchive;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.file.WorkListener;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.registry.lock.Viewers;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of one root. Reading takes no lock, since a published volume is complete. Changing a
 * volume requires its lock, from {@link #lock}.
 */
public final class VolumeRegistry {
  private final RegistryLayout layout;
  private final DirectorySync sync;
  private final RegistryLock lock;
  private final Drafts drafts;
  private final Root root;
  private final RandomGenerator random;
  private final Consumer<String> notice;
  private final WorkListener work;
  private final Catalog files;
  private final @Nullable Sharing sharing;
  private final Viewers viewers = new Viewers();
  private final IdLookup ids = new IdLookup(this);
  private volatile @Nullable Catalog shared;
  private boolean writable;
  private boolean unfinished;

  public VolumeRegistry(
      RegistryLayout layout, DirectorySync sync, RandomGenerator random, Consumer<String> debug) {
    this(layout, sync, random, debug, debug, WorkListener.NONE);
  }

  /** Reports its own changes to a root, names that only Linux supports, and removals. */
  public VolumeRegistry(
      RegistryLayout layout,
      DirectorySync sync,
      RandomGenerator random,
      Consumer<String> debug,
      Consumer<String> notice,
      WorkListener work) {
    this(layout, sync, random, debug, notice, work, null);
  }

  /**
   * The same for a root that may be part of a registry that several hosts share.
   *
   * @param sharing joins the registry that the root is a part of; null if it is one of its own
   */
  public VolumeRegistry(
      RegistryLayout layout,
      DirectorySync sync,
      RandomGenerator random,
      Consumer<String> debug,
      Consumer<String> notice,
      WorkListener work,
      @Nullable Sharing sharing) {
    this.layout = layout;
    this.sync = sync;
    this.random = random;
    this.notice = notice;
    this.work = work;
    this.lock = new RegistryLock(layout.locks(), debug, this::requireOwn);
    this.drafts = new Drafts(layout, lock, random, debug);
    this.root = new Root(layout, lock, drafts, sync, notice, sharing != null);
    this.files = new FileCatalog(layout, drafts, sync, work);
    this.sharing = sharing;
  }

  /** Refuses a root that became part of a shared registry meanwhile. */
  private void requireOwn() {
    if (sharing == null) {
      var _ = root.check();
    }
  }

  /** Lists and describes the volumes. */
  public Catalog catalog() {
    if (sharing == null) {
      return files;
    }
    Catalog joined = shared;
    return joined == null ? join(sharing) : joined;
  }

  private synchronized Catalog join(Sharing with) {
    Catalog joined = shared;
    if (joined == null) {
      root.make();
      root.requireShareable();
      joined = with.join(files, lock);
      root.becomePart();
      shared = joined;
    }
    return joined;
  }

  /**
   * Makes the root this host's part of a shared registry, or a root of its own again.
   *
   * @param telling tells the other hosts about the volumes in the files, which do not change
   *     meanwhile; returns false if the root should stay as it is
   */
  public void share(boolean part, Predicate<Catalog> telling) {
    openForWriting();
    try (var _ = lock.lockForPrune();
        var _ = lock.lockAll()) {
      if (!layout.places().pools().isEmpty()) {
        throw new NotShared("registry copy", "a registry that several hosts share has no pools");
      }
      if (telling.test(files)) {
        root.share(part);
      }
    }
  }

  /** Whether it is shared with other hosts. */
  public boolean isShared() {
    return sharing != null;
  }

  public RegistryLayout layout() {
    return layout;
  }

  public RegistryLock lock() {
    return lock;
  }

  /** Tells the operator about a problem that does not stop the command. */
  public void warn(String message) {
    notice.accept(message);
  }

  /** The commands that use a volume's mount at the same time. */
  public Viewers viewers() {
    return viewers;
  }

  /** The small files beside volumes. */
  public RegistryFiles files() {
    return new RegistryFiles(layout, drafts, sync);
  }

  /** The snapshots of volumes. */
  public SnapshotRegistry snapshots() {
    return new SnapshotRegistry(layout, drafts, sync, work);
  }

  /** The directories that an older Keg left open to other users; {@link #openForWriting} closes. */
  public List<Path> leftOpen() {
    return root.leftOpen();
  }

  /** Creates the root if it is missing, and deletes the leftovers of killed commands. */
  public void openForWriting() {
    if (!writable) {
      root.make();
      unfinished = drafts.sweep();
      relocations().sweep();
      catalog().open();
      writable = true;
    }
  }

  /** Lets the members of a group access the data of volumes from now on. */
  public void openTo(String group) {
    openForWriting();
    root.openTo(group);
  }

  /** Opens the registry to change an existing volume, and returns its name; creates no root. */
  public VolumeName openFor(String operation, String text) {
    if (text.isEmpty()) {
      throw new EmptyName();
    }
    if (!openForReading()) {
      throw new NotFound(operation, text);
    }
    VolumeName name = ids.nameOf(text).orElseThrow(() -> NotFound.ofVolume(operation, text));
    openForWriting();
    return name;
  }

  /** Finds volumes by their ids. */
  public IdLookup ids() {
    return ids;
  }

  /** An id for a new volume. */
  public VolumeId newId() {
    return VolumeId.random(random);
  }

  /** Whether there is a root; one that a newer Keg wrote is refused. */
  public boolean openForReading() {
    if (sharing != null) {
      openForWriting();
    }
    return root.check();
  }

  /**
   * The volume, for a command that may need its data. Refuses one that is on another host; {@link
   * IdLookup#describe} does not.
   */
  public Volume get(String operation, VolumeName name) {
    Volume volume = ids.describe(operation, name);
    catalog().requireHere(operation, volume);
    return volume;
  }

  /** A file that commands obey without opening the registry; only of one's own root. */
  public Path ownFile(Function<RegistryLayout, Path> file) {
    root.requireOwn();
    return file.apply(layout);
  }

  /** Finds the volume; empty if there is none. */
  public Optional<Volume> find(VolumeName name) {
    return catalog().find(name);
  }

  /** Every volume in docker's order; damaged ones with the reason. */
  public List<RegistryEntry> list() {
    return catalog().list();
  }

  /** The names in docker's order, without opening the volumes. */
  public List<VolumeName> names() {
    return catalog().names();
  }

  /** The homes of volumes that are being created or that a killed command left unfinished. */
  public List<VolumeHome> unfinished() {
    return drafts.homes();
  }

  /**
   * Offers each volume and snapshot that a killed command noted as unfinished, under the lock with
   * which it was created; deletes those that are taken back.
   */
  public void takeBack(Predicate<Unfinished> takeBack) {
    if (unfinished) {
      drafts.takeBack(takeBack);
    }
  }

  /** Moves volumes to another place. */
  public Relocations relocations() {
    return new Relocations(layout, lock, drafts, sync);
  }

  /** The directories on other disks with volumes of this root. */
  public Pools pools() {
    return new Pools(this, root, sync);
  }

  /** Creates an empty home on the file system of a volume, for a snapshot of it. */
  public VolumeHome stageBeside(VolumeName volume) {
    ArchivedVolume.requireNone("snapshot", volume, layout.home(volume));
    return stage(volume, layout.places().poolOf(volume));
  }

  /** Creates an empty home for a new volume in that pool, hidden until {@link #publish}. */
  public VolumeHome stage(VolumeName name, PoolName pool) {
    usableNames().require("create", name);
    if (layout.places().repository(pool).isPresent()) {
      throw new PoolIsArchive(name.text(), pool.text());
    }
    Path draft = drafts.draft(name, layout.places().require(pool));
    FileFailures.run("create " + name, draft, () -> Root.makeHome(draft));
    return new VolumeHome(draft);
  }

  /** The valid file names in this root. */
  public UsableNames usableNames() {
    return new UsableNames(layout.root(), sync, notice);
  }

  /** Turns a staged home into a volume with one rename. */
  public void publish(Volume volume, VolumeHome staged) {
    publish(volume, staged, UsableOn.ITS_HOST);
  }

  /** The same for a volume that other hosts may be able to use. */
  public void publish(Volume volume, VolumeHome staged, UsableOn usableOn) {
    catalog().publish(volume, staged, usableOn);
  }

  /** Deletes a staged home. */
  public void abandon(VolumeHome staged) {
    FileFailures.run("clean up", staged.path(), () -> TreeDeletion.delete(staged.path()));
  }

  /** Changes the description of a volume that was read before. */
  public void replace(Volume read, UnaryOperator<Volume> change) {
    catalog().replace(read, change);
  }

  /** Renames the volume to a free name; the caller holds both locks. */
  public void rename(VolumeName from, VolumeName to) {
    usableNames().require("rename", to);
    relocations().deleteOther(from);
    catalog().rename(from, to);
  }

  /**
   * Removes volumes and their homes: renames each, syncs once for all, then deletes. The caller
   * holds their locks.
   *
   * @param size the size of their data; zero if unknown
   */
  public void remove(Collection<VolumeName> names, Size size) {
    names.forEach(relocations()::deleteOther);
    catalog().remove(names, size);
  }

  /**
   * Removes a volume and its data outside the root. The data is renamed before it is deleted, and
   * the grave contains its temporary name, so that the next command completes a killed removal:
   * nobody ever sees partly deleted data under its own name.
   */
  public void remove(VolumeName name, Path data) {
    relocations().deleteOther(name);
    catalog().remove(name, data);
  }
}
