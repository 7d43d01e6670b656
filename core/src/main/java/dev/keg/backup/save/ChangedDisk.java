package dev.keg.backup.save;

import dev.keg.backup.archive.delta.EarlierBytes;
import dev.keg.backup.archive.write.ArchiveRequest.Changes;
import dev.keg.backup.save.DiskPlan.Since;
import dev.keg.disk.update.DiskUpdate;
import dev.keg.disk.update.ImageBytes;
import dev.keg.disk.update.Qcow2Changes;
import dev.keg.disk.update.Qcow2Changes.Cluster;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.volume.Size;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The disk of a running machine, of which only the writes since the last backup are copied. It
 * looks like a copy of the whole disk.
 */
final class ChangedDisk implements FileTree {
  private final FileTree directory;
  private final TreePath file;
  private final EarlierDisk earlier;
  private final EarlierBytes bytes;
  private final DiskUpdate update;

  private ChangedDisk(
      FileTree directory,
      TreePath file,
      EarlierDisk earlier,
      EarlierBytes bytes,
      DiskUpdate update) {
    this.directory = directory;
    this.file = file;
    this.earlier = earlier;
    this.bytes = bytes;
    this.update = update;
  }

  /**
   * Empty if the copy does not match the backup.
   *
   * @param directory contains the copy, and is closed along with this
   * @param copied the size of the copy according to the machine
   */
  static Optional<ChangedDisk> open(
      FileTree directory, EarlierDisk earlier, Since since, Size copied) {
    EarlierBytes bytes = earlier.open();
    try {
      Optional<DiskUpdate> update =
          clusters(directory, earlier.file(), since.size(), copied)
              .filter(all -> (long) all.size() * Qcow2Changes.CLUSTER == copied.bytes())
              .flatMap(all -> earlier.updated(since.format(), since.size(), bytes, all));
      if (update.isPresent()) {
        return Optional.of(
            new ChangedDisk(directory, earlier.file(), earlier, bytes, update.get()));
      }
    } catch (RuntimeException e) {
      close(directory, bytes);
      throw e;
    }
    close(directory, bytes);
    return Optional.empty();
  }

  private static void close(FileTree directory, EarlierBytes bytes) {
    try (directory) {
      bytes.close();
    }
  }

  // The machine is not trusted in what it reports and writes.
  private static Optional<List<Cluster>> clusters(
      FileTree directory, TreePath file, Size size, Size copied) {
    long most = Math.min(copied.bytes(), 2 * DiskPlan.MOST) / Qcow2Changes.CLUSTER;
    Optional<OpenFile> open = directory.open(file);
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (OpenFile changes = open.get()) {
      return Qcow2Changes.of(image(changes), size.bytes(), most);
    }
  }

  private static ImageBytes image(OpenFile file) {
    return (at, length) -> {
      ByteBuffer buffer = ByteBuffer.allocateDirect(length);
      long from = at;
      int n = 0;
      while (n >= 0 && buffer.hasRemaining()) {
        from += n;
        n = file.read(buffer, from);
      }
      return buffer.clear();
    };
  }

  /** The changed ranges; an archive need not read the rest. */
  Changes changes() {
    return new Changes(file, UpdatedImage.changed(update));
  }

  @Override
  public Optional<Stat> stat(TreePath path) {
    return directory
        .stat(path)
        .map(stat -> path.isRoot() ? stat : UpdatedImage.stat(stat, update.length()));
  }

  @Override
  public List<ByteString> names(TreePath path) {
    return directory.names(path);
  }

  @Override
  public Optional<OpenFile> open(TreePath path) {
    return directory
        .open(path)
        .map(changes -> new UpdatedImage(changes, bytes, earlier.image().data(), update));
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    return directory.target(symlink);
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    return directory.xattrs(path);
  }

  /** Returns false because the file's times say nothing about the disk. */
  @Override
  public boolean settle() {
    return false;
  }

  @Override
  public void close() {
    close(directory, bytes);
  }
}
