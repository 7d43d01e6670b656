package dev.keg.backup.save;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Conflicts.CopySource;
import dev.keg.backup.save.DiskPlan.Since;
import dev.keg.driver.Disks;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.lifecycle.ShownSnapshot;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is read of a volume: its files, its disk, or the writes to its disk. */
sealed interface SaveSource extends AutoCloseable {
  Volume volume();

  /** The directory that is read, for the operator's commands. */
  Path data();

  /**
   * The directories through which the data can be written: where it is read, stored and mounted.
   */
  default Set<Path> places(BackupContext context) {
    Set<Path> places = new LinkedHashSet<>(List.of(data()));
    Storage storage = context.driver("backup", volume()).storage(volume(), context.home(volume()));
    if (storage.format().isEmpty()) {
      places.add(storage.path());
    }
    // The local driver can use a directory of the host in this way.
    volume()
        .options()
        .text("device")
        .map(data()::resolve)
        .filter(device -> device.isAbsolute() && java.nio.file.Files.isDirectory(device))
        .ifPresent(places::add);
    for (Attachment holder : context.volumes().holders(volume().name())) {
      if (holder instanceof Attachment.Mount mount) {
        places.add(data().resolve(mount.target()));
      }
    }
    return places;
  }

  /** Whether it is a snapshot, which never changes. */
  default boolean isSnapshot() {
    return false;
  }

  /** The volume as the backup describes it. */
  Volume described();

  @Override
  void close();

  /**
   * Opens the copy of a running machine's disk if there is one, otherwise what the request asks
   * for.
   */
  static SaveSource open(
      BackupContext context, VolumeName name, SaveRequest.Content content, MachineCopies copies) {
    Optional<OpenDisk> copy = copies.take(name);
    if (copy.isEmpty()) {
      return open(context, name, content);
    }
    Disk disk = new Disk(context.registry().get("backup", name), copy.get());
    return copies
        .since(name)
        .<SaveSource>map(since -> new Changed(disk, since, copies.copied(name)))
        .orElse(disk);
  }

  private static SaveSource open(
      BackupContext context, VolumeName name, SaveRequest.Content content) {
    Optional<SnapshotName> snapshot = context.views().snapshotOf(name);
    if (snapshot.isPresent()) {
      return snapshot(context, name, snapshot.get(), content);
    }
    return switch (content) {
      case FILES -> new Files(context.views().open("backup", name));
      case DISK -> disk(context, name);
      case ANY ->
          isDiskOnly(context, name)
              ? disk(context, name)
              : new Files(context.views().open("backup", name));
    };
  }

  /** The disk if it is requested, or if its files cannot be shown. */
  private static SaveSource snapshot(
      BackupContext context, VolumeName name, SnapshotName snapshot, SaveRequest.Content content) {
    ShownSnapshot kept = ShownSnapshot.keep(context.services(), "backup", name, snapshot);
    try {
      Volume volume = kept.volume();
      VolumeDriver driver = context.driver("backup", volume);
      boolean hidden =
          driver instanceof Disks
              && driver instanceof Snapshots power
              && power.whyNotShown(volume, kept.home()).isPresent();
      if (content == SaveRequest.Content.DISK || (content == SaveRequest.Content.ANY && hidden)) {
        return new Disk(volume, disks(driver, volume).openDisk(volume, kept.home()), kept);
      }
    } catch (RuntimeException e) {
      kept.close();
      throw e;
    }
    kept.close();
    return new Files(context.views().open("backup", name));
  }

  // Opening a missing volume reports it.
  private static boolean isDiskOnly(BackupContext context, VolumeName name) {
    VolumeRegistry registry = context.registry();
    if (!context.volumes().exists(name.text())
        || context.volumes().visible(name).isPresent()
        || !(context.driver("backup", registry.get("backup", name)) instanceof Disks disks)) {
      return false;
    }
    return context.volumes().holders(name).stream().anyMatch(SaveSource::isWriter)
        || disks.whyNoFiles(registry.get("backup", name), registry.layout().home(name)).isPresent();
  }

  private static boolean isWriter(Attachment holder) {
    return holder instanceof Attachment.Disk disk && !disk.readOnly();
  }

  private static SaveSource disk(BackupContext context, VolumeName name) {
    VolumeRegistry registry = context.registry();
    registry.openForWriting();
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("backup", name);
      Disks driver = disks(context.driver("backup", volume), volume);
      context.services().conflicts().refuseSaving("backup", name, CopySource.DISK);
      return new Disk(volume, driver.openDisk(volume, context.home(volume)));
    }
  }

  static Disks disks(VolumeDriver driver, Volume volume) {
    if (driver instanceof Disks disks) {
      return disks;
    }
    throw new BackupFailed(
        volume.name().text(),
        "driver '%s' provides a directory, not a disk".formatted(volume.driver()),
        "leave out --as disk");
  }

  /** The files of a visible volume. */
  record Files(View view) implements SaveSource {
    @Override
    public Volume volume() {
      return view.volume();
    }

    @Override
    public Path data() {
      return view.data();
    }

    @Override
    public boolean isSnapshot() {
      return view.isSnapshot();
    }

    @Override
    public Volume described() {
      return volume().toBackup();
    }

    /**
     * Reads the data. Nobody holds a volume that is always visible, so it may be removed meanwhile,
     * and even restored as what it was.
     */
    void read(BackupContext context, Consumer<FileTree> work) {
      try (FileTree open = context.trees().read(data())) {
        Optional<Stat> root = open.stat(TreePath.ROOT);
        work.accept(context.trees().read(data()));
        if (java.nio.file.Files.exists(data()) && !isStill(root, context.trees())) {
          throw new BackupFailed(
              volume().name().text(), "its data was replaced while it was read", "run it again");
        }
      }
    }

    private boolean isStill(Optional<Stat> root, FileTrees trees) {
      try (FileTree now = trees.read(data())) {
        return now.stat(TreePath.ROOT)
            .filter(stat -> root.filter(stat::isSameFile).isPresent())
            .isPresent();
      }
    }

    @Override
    public void close() {
      view.close();
    }
  }

  /**
   * The disk of a volume.
   *
   * @param snapshot keeps the disk, unless it is the volume's own
   */
  record Disk(Volume volume, OpenDisk open, @Nullable ShownSnapshot snapshot)
      implements SaveSource {
    Disk(Volume volume, OpenDisk open) {
      this(volume, open, null);
    }

    @Override
    public boolean isSnapshot() {
      return snapshot != null;
    }

    @Override
    public Path data() {
      return open.directory();
    }

    @Override
    public Volume described() {
      return volume.toDiskBackup();
    }

    FileTree tree(FileTrees trees) {
      return new DiskTree(trees.read(open.directory()), open.files());
    }

    @Override
    public void close() {
      try (@Nullable ShownSnapshot _ = snapshot) {
        open.close();
      }
    }
  }

  /** The writes to a volume's disk since the last backup. */
  record Changed(Disk copy, Since since, Size copied) implements SaveSource {
    @Override
    public Volume volume() {
      return copy.volume();
    }

    @Override
    public Path data() {
      return copy.data();
    }

    @Override
    public Volume described() {
      return copy.described();
    }

    @Override
    public void close() {
      copy.close();
    }
  }
}
