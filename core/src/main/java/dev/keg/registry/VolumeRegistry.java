package dev.keg.registry;

import dev.keg.error.InvalidInput.EmptyName;
import dev.keg.error.InvalidInput.InvalidName;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.file.TreeDeletion;
import dev.keg.file.WorkListener;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import dev.keg.volume.WindowsNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The volumes of one root. Reading takes no lock: a published volume is complete. Whoever changes a
 * volume holds its lock, from {@link #lock}.
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
  private final Viewers viewers = new Viewers();
  private boolean writable;

  public VolumeRegistry(
      RegistryLayout layout, DirectorySync sync, RandomGenerator random, Consumer<String> debug) {
    this(layout, sync, random, debug, debug, WorkListener.NONE);
  }

  /**
   * With somebody who is told what Keg changes in a root by itself, and of names for Linux only,
   * and somebody who hears how far the removal of volumes has come.
   */
  public VolumeRegistry(
      RegistryLayout layout,
      DirectorySync sync,
      RandomGenerator random,
      Consumer<String> debug,
      Consumer<String> notice,
      WorkListener work) {
    this.layout = layout;
    this.sync = sync;
    this.random = random;
    this.notice = notice;
    this.work = work;
    this.lock = new RegistryLock(layout.locks(), debug);
    this.drafts = new Drafts(layout, lock, random, debug);
    this.root = new Root(layout, lock, drafts, sync, notice);
  }

  public RegistryLayout layout() {
    return layout;
  }

  public RegistryLock lock() {
    return lock;
  }

  /** Tells the operator of something that does not stop the command. */
  public void warn(String message) {
    notice.accept(message);
  }

  /** The commands that use a volume's mount at once. */
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

  /** Makes the root if it is missing, and deletes the leftovers of killed commands. */
  public void openForWriting() {
    if (!writable) {
      root.make();
      drafts.sweep();
      writable = true;
    }
  }

  /** Lets the members of a group pass to the data of volumes from now on. */
  public void openTo(String group) {
    openForWriting();
    root.openTo(group);
  }

  /**
   * Opens the registry to change an existing volume, and returns the volume's name. A missing root
   * is not made.
   */
  public VolumeName openFor(String operation, String text) {
    if (text.isEmpty()) {
      throw new EmptyName();
    }
    if (!openForReading()) {
      throw new NotFound(operation, text);
    }
    VolumeName name = nameOf(text).orElseThrow(() -> new NotFound(operation, text));
    openForWriting();
    return name;
  }

  /**
   * The name of the volume that a text names: its name, its id or the beginning of its id. A name
   * comes first. Empty if the text can name no volume; other texts may still name a missing one.
   */
  public Optional<VolumeName> nameOf(String text) {
    return new IdLookup(this).nameOf(text);
  }

  /** An id for a volume that is being made. */
  public VolumeId newId() {
    return VolumeId.random(random);
  }

  /** Whether there is a root; one that a newer Keg wrote is refused. */
  public boolean openForReading() {
    return root.check();
  }

  public Optional<Volume> find(VolumeName name) {
    VolumeHome home = layout.home(name);
    Path file = layout.volumeFile(home);
    try {
      return Optional.of(VolumeFile.read(name, file, SmallFile.read(file)));
    } catch (SmallFile.Refused e) {
      throw new Damaged(name.text(), file.toString(), "it is " + e.getReason());
    } catch (IOException e) {
      return absent(name, home, file, e);
    }
  }

  /** Empty if there is nothing; otherwise an error that says what is wrong. */
  private static Optional<Volume> absent(
      VolumeName name, VolumeHome home, Path file, IOException e) {
    Path path = home.path();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
      throw new Foreign(path.toString(), "it is not a directory");
    }
    if (!(e instanceof NoSuchFileException)) {
      throw FileFailures.failure("read volume " + name, file, e);
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new Foreign(path.toString(), "it has no " + RegistryLayout.VOLUME_FILE);
    }
    return Optional.empty();
  }

  /** The volume; the operation is for the error message. */
  public Volume get(String operation, VolumeName name) {
    return find(name).orElseThrow(() -> new NotFound(operation, name.text()));
  }

  /** The volume as a plain directory, for one whose description is damaged. */
  public Volume plain(VolumeName name) {
    return new Volume(name, Volume.DEFAULT_DRIVER, Options.NONE, Labels.NONE, Instant.EPOCH);
  }

  /** An entry of the volumes directory. */
  public sealed interface RegistryEntry {
    /** A volume that can be read. */
    record Intact(Volume volume) implements RegistryEntry {}

    /** Something that cannot be read, and why. */
    record Broken(String name, VolumeException problem) implements RegistryEntry {}
  }

  /** Every volume in docker's order; damaged ones with the reason. */
  public List<RegistryEntry> list() {
    return Cores.stream(new VolumeNames(layout).entries())
        .flatMap(name -> entry(name).stream())
        .toList();
  }

  private Optional<RegistryEntry> entry(String text) {
    Optional<VolumeName> name = VolumeName.lookup(text);
    if (name.isEmpty()) {
      String path = layout.volumes().resolve(text).toString();
      return Optional.of(
          new RegistryEntry.Broken(text, new Foreign(path, "that is not a valid volume name")));
    }
    try {
      return find(name.get()).map(RegistryEntry.Intact::new);
    } catch (VolumeException e) {
      return Optional.of(new RegistryEntry.Broken(text, e));
    }
  }

  /** The names in docker's order; the volumes themselves are not opened. */
  public List<VolumeName> names() {
    return new VolumeNames(layout).names();
  }

  /** The homes of volumes that are being made or that a killed command left unfinished. */
  public List<VolumeHome> unfinished() {
    Path directory = layout.staging();
    return FileFailures.translate("list", directory, () -> DirectoryEntries.of(directory)).stream()
        .filter(VolumeNames::isDirectory)
        .map(VolumeHome::new)
        .toList();
  }

  /** Makes an empty home for a new volume; nobody sees it before {@link #publish}. */
  public VolumeHome stage(VolumeName name) {
    requireUsable("create", name);
    Path draft = drafts.draft(name);
    FileFailures.run("create " + name, draft, () -> Root.makeDirectory(draft, "rwx--x--x"));
    return new VolumeHome(draft);
  }

  private void requireUsable(String operation, VolumeName name) {
    whyUnusable("volume", name.text())
        .ifPresent(
            why -> {
              throw new InvalidName(operation, name.text(), why);
            });
  }

  /**
   * Why a file of the root cannot have this name; empty if it can. Warns of a name that only
   * Windows cannot have, if it may read the root as well.
   */
  public Optional<String> whyUnusable(String kind, String name) {
    Optional<String> here = sync.whyUnusable(name);
    if (here.isEmpty()) {
      WindowsNames.whyUnusable(name)
          .filter(_ -> isSharedWithWindows())
          .ifPresent(
              why -> notice.accept("Windows cannot use %s %s: %s".formatted(kind, name, why)));
    }
    return here;
  }

  private boolean isSharedWithWindows() {
    try {
      return sync.isSharedWithWindows(layout.root());
    } catch (IOException _) {
      return false; // A chroot may not show what it lies on, and this is about a warning only.
    }
  }

  /** Turns a staged home into a volume with one rename. */
  public void publish(Volume volume, VolumeHome staged) {
    Path home = layout.home(volume.name()).path();
    FileFailures.run(
        "create " + volume.name(),
        home,
        () -> {
          AtomicFile.writeNew(layout.volumeFile(staged), VolumeFile.write(volume));
          if (Files.isDirectory(staged.data(), LinkOption.NOFOLLOW_LINKS)) {
            sync.sync(staged.data());
          }
          sync.sync(staged.path());
          Files.move(staged.path(), home, StandardCopyOption.ATOMIC_MOVE);
          sync.sync(layout.volumes());
        });
  }

  /** Deletes a staged home. */
  public void abandon(VolumeHome staged) {
    FileFailures.run("clean up", staged.path(), () -> TreeDeletion.delete(staged.path()));
  }

  /** Replaces a volume's description. */
  public void replace(Volume volume) {
    Path file = layout.volumeFile(layout.home(volume.name()));
    FileFailures.run(
        "update " + volume.name(),
        file,
        () ->
            AtomicFile.replace(file, drafts.draft(volume.name()), VolumeFile.write(volume), sync));
  }

  /** Renames the volume to a free name; the caller holds both locks. */
  public void rename(VolumeName from, VolumeName to) {
    requireUsable("rename", to);
    Path target = layout.home(to).path();
    FileFailures.run(
        "rename " + from,
        target,
        () -> {
          Files.move(layout.home(from).path(), target, StandardCopyOption.ATOMIC_MOVE);
          sync.sync(layout.volumes());
        });
  }

  /**
   * Removes volumes and their homes: renames each, syncs once for all, then deletes. The caller
   * holds their locks.
   *
   * @param size how much data they have; zero where nobody knows
   */
  public void remove(Collection<VolumeName> names, Size size) {
    work.expected(size.bytes());
    removal().of(names);
  }

  /**
   * Removes a volume and its data outside the root. The data is renamed before it is deleted, and
   * the grave says to what, so that the next command completes a removal that was killed: nobody
   * ever sees half of the data under its own name.
   */
  public void remove(VolumeName name, Path data) {
    removal().withData(name, data);
  }

  private Removal removal() {
    return new Removal(layout, drafts, sync, work);
  }
}
