package dev.keg.backup.extract;

import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.index.Slice;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.NewFile;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file of several frames, which threads write together; the last one finishes it. */
final class LargeFile {
  private final Entry entry;
  private final RegularFile kind;
  private final NewFile file;
  private final TreeListener listener;
  private final Consumer<TreePath> missing;
  private final AtomicInteger rest;
  private volatile @Nullable InvalidArchive damage;

  LargeFile(
      Entry entry,
      RegularFile kind,
      NewFile file,
      int parts,
      TreeListener listener,
      Consumer<TreePath> missing) {
    this.missing = missing;
    this.entry = entry;
    this.kind = kind;
    this.file = file;
    this.listener = listener;
    rest = new AtomicInteger(parts);
  }

  /** Writes one part, of which so many stored bytes come before it. */
  void part(Slice slice, long before, boolean keepSound, FrameReader reader, TreeWriter writer) {
    try {
      StoredFile.write(
          file, kind, before, reader.read(slice.frame()).slice(slice.offset(), slice.length()));
      listener.advanced(slice.length());
    } catch (InvalidArchive e) {
      damage = e;
    }
    if (rest.decrementAndGet() == 0) {
      end(keepSound, writer);
    }
  }

  private void end(boolean keepSound, TreeWriter writer) {
    InvalidArchive found = damage;
    try (file) {
      if (found == null) {
        if (kind.hasHoles()) {
          file.size(kind.size());
        }
        file.finish(entry.attributes());
        listener.finished();
        return;
      }
    }
    listener.note(entry.path(), Note.DAMAGED, String.valueOf(found.getMessage()));
    if (!keepSound) {
      throw found;
    }
    writer.remove(entry.path());
    missing.accept(entry.path());
  }
}
