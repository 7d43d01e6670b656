package dev.keg.moving;

import dev.keg.attachment.Conflicts.CopySource;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.DiskTree;
import dev.keg.driver.Disks;
import dev.keg.driver.VolumeDriver;
import dev.keg.registry.journal.OwnNames;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreePath;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.nio.file.Path;

/**
 * The part of a volume to send: its files, or its disk if this host cannot read the files on it.
 *
 * @param data the directory for the operator's commands
 * @param closed releases it
 */
record OpenSource(FileTree tree, Path data, Runnable closed) implements AutoCloseable {
  private static final String OPERATION = "move";

  /** Whether only the disk can be sent, while nobody uses it. */
  static boolean isDisk(BackupContext context, Volume volume) {
    return context.driver(OPERATION, volume) instanceof Disks disks
        && context.volumes().visible(volume.name()).isEmpty()
        && disks.whyNoFiles(volume, context.home(volume)).isPresent();
  }

  /** The files, while others may use them. */
  static OpenSource files(BackupContext context, VolumeName name) {
    View view = context.views().open(OPERATION, name);
    return of(context, view, view::close);
  }

  /** The volume while nobody else uses it; the work is done before anybody may use it again. */
  static OpenSource alone(BackupContext context, VolumeName name, Runnable work) {
    Volume volume = context.registry().get(OPERATION, name);
    RestoreLock lock = RestoreLock.take(OPERATION, name, context.home(volume));
    try {
      return isDisk(context, volume)
          ? disk(context, volume, work).and(lock)
          : files(context, name, lock, work);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static OpenSource files(
      BackupContext context, VolumeName name, RestoreLock lock, Runnable work) {
    View view = context.views().openAlone(OPERATION, name);
    Runnable closing =
        () -> {
          try (lock) {
            view.close();
          }
        };
    try {
      view.alone(OPERATION, work);
      return of(context, view, closing);
    } catch (RuntimeException e) {
      view.close();
      throw e;
    }
  }

  private static OpenSource of(BackupContext context, View view, Runnable closing) {
    FileTree tree = context.trees().read(view.data());
    return new OpenSource(
        new PartialTree(tree, TreePath.ROOT, OwnNames::isOwn),
        view.data(),
        () -> {
          tree.close();
          closing.run();
        });
  }

  /** The disk, which nobody uses; the work is done before anybody may use it again. */
  static OpenSource disk(BackupContext context, Volume volume, Runnable work) {
    VolumeDriver driver = context.driver(OPERATION, volume);
    try (var _ = context.registry().lock().lock(volume.name())) {
      context.services().conflicts().refuseCopying(OPERATION, volume.name(), CopySource.DISK);
      work.run();
      Disks.OpenDisk disk = ((Disks) driver).openDisk(volume, context.home(volume));
      DiskTree tree = new DiskTree(context.trees().read(disk.directory()), disk.files());
      return new OpenSource(
          tree,
          disk.directory(),
          () -> {
            tree.close();
            disk.close();
          });
    }
  }

  private OpenSource and(RestoreLock lock) {
    return new OpenSource(
        tree,
        data,
        () -> {
          try (lock) {
            closed.run();
          }
        });
  }

  @Override
  public void close() {
    closed.run();
  }
}
