package dev.keg.backup.save;

import dev.keg.backup.archive.delta.EarlierBytes;
import dev.keg.backup.archive.delta.EarlierFile;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.update.DiskUpdate;
import dev.keg.disk.update.ImageBytes;
import dev.keg.disk.update.Qcow2Changes.Cluster;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A disk's image in the backup that a new one builds on. */
record EarlierDisk(Predecessor backup, IndexedEntry entry, RegularFile image) {
  /**
   * Discarded clusters stay as holes; with more holes than this per cluster, the disk is copied as
   * a whole.
   */
  private static final int MOST_HOLES = 2;

  private static final long ALWAYS = 1L << 30;

  /** Empty if the backup holds more than a disk, or is not entirely sound. */
  static Optional<EarlierDisk> find(Predecessor backup) {
    if (backup.archive().version() != Footer.SHARING || !backup.lost().isEmpty()) {
      return Optional.empty();
    }
    List<IndexedEntry> files = new ArrayList<>();
    Iterator<IndexedEntry> entries = backup.archive().entries();
    while (entries.hasNext() && files.size() <= 1) {
      IndexedEntry entry = entries.next();
      if (!entry.entry().path().isRoot()) {
        files.add(entry);
      }
    }
    if (files.size() != 1 || !(files.getFirst().entry().kind() instanceof RegularFile image)) {
      return Optional.empty();
    }
    return Optional.of(new EarlierDisk(backup, files.getFirst(), image))
        .filter(disk -> !disk.entry().changedWhileRead() && !backup.isDamaged(disk.entry()));
  }

  TreePath file() {
    return entry.entry().path();
  }

  EarlierBytes open() {
    return new EarlierBytes(backup.archive(), new EarlierFile(entry));
  }

  /** Whether the changes of a disk with this format and size can be applied to it. */
  boolean takesChanges(DiskFormat format, Size size) {
    return switch (format) {
      case RAW -> image.size() == size.bytes();
      case QCOW2 -> {
        if (image.size() > MOST_HOLES * image.stored() + ALWAYS) {
          yield false;
        }
        try (EarlierBytes bytes = open()) {
          yield updated(format, size, bytes, List.of()).isPresent();
        } catch (InvalidArchive _) {
          yield false; // the machine still has what is damaged in the backup
        }
      }
      case LUKS, VHD, VHDX, ISO -> false;
    };
  }

  /** The image after the changes; empty if they cannot be applied. */
  Optional<DiskUpdate> updated(
      DiskFormat format, Size size, EarlierBytes bytes, List<Cluster> changes) {
    return switch (format) {
      case RAW ->
          image.size() == size.bytes()
              ? Optional.of(DiskUpdate.raw(size.bytes(), changes))
              : Optional.empty();
      case QCOW2 -> DiskUpdate.qcow2(image(bytes), image.size(), size.bytes(), changes);
      case LUKS, VHD, VHDX, ISO -> Optional.empty();
    };
  }

  private static ImageBytes image(EarlierBytes bytes) {
    return (at, length) -> {
      ByteBuffer buffer = ByteBuffer.allocate(length);
      bytes.read(buffer, at);
      return buffer.flip();
    };
  }
}
