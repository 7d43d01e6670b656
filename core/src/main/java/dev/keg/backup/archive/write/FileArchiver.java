package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.walk.TreeReader;
import dev.keg.backup.archive.walk.TreeReader.Found;
import dev.keg.backup.archive.write.PendingEntry.Part;
import dev.keg.backup.tar.TarEncoder;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Puts a regular file into the tar stream. The header precedes the content, so the content must
 * match the promised length: it is truncated or padded with zeros.
 */
final class FileArchiver {
  /**
   * A file in the stream, with the stat that its header was made from, and a reason if it changed
   * while it was read or could not be read completely.
   */
  record Archived(
      Entry entry,
      Stat stat,
      List<Part> parts,
      Optional<Doubt> doubt,
      Optional<FrameHash> content) {}

  /**
   * The parts of the file that an earlier archive may hold.
   *
   * @param small the entry of a small or empty file, if a new archive may refer to its content
   */
  record Earlier(LargeContent large, Optional<IndexedEntry> small) {
    /** Nothing, if it has the same empty file, which then needs no header. */
    private Optional<List<Slice>> empty(Entry now) {
      return small.filter(entry -> entry.entry().equals(now)).map(IndexedEntry::slices);
    }

    private Optional<List<Slice>> of(FrameHash hash, int length) {
      return small
          .filter(entry -> !entry.changedWhileRead())
          .filter(entry -> entry.content().filter(hash::equals).isPresent())
          .filter(
              entry -> entry.entry().kind() instanceof RegularFile kind && kind.stored() == length)
          .map(IndexedEntry::slices);
    }
  }

  /** Why the content may not be that of any single moment. */
  record Doubt(TreeListener.Note note, String text) {}

  private final TreeReader tree;
  private final TarStream stream;
  private final Optional<ContentSharing> sharing;
  private final LongConsumer advanced;

  FileArchiver(
      TreeReader tree, TarStream stream, Optional<ContentSharing> sharing, LongConsumer advanced) {
    this.tree = tree;
    this.stream = stream;
    this.sharing = sharing;
    this.advanced = advanced;
  }

  /** Empty if the reader's current file is no longer a regular file. */
  Optional<Archived> read(Found found, Earlier earlier) {
    Optional<OpenFile> open = tree.open();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    try (OpenFile file = open.get()) {
      return put(found.path(), file, earlier, false)
          .or(() -> put(found.path(), file, earlier, true));
    }
  }

  /**
   * Empty if the file must be read again: a small file in doubt is removed from the stream, as its
   * frame is not yet submitted. A larger one has been submitted and stays.
   */
  private Optional<Archived> put(TreePath path, OpenFile file, Earlier earlier, boolean last) {
    Stat seen = file.stat(); // the walk may have met it long before
    if (seen.type() != Stat.Type.REGULAR || seen.size() < 0) {
      return Optional.empty();
    }
    RegularFile kind =
        seen.sparse()
            ? new RegularFile(seen.size(), file.data(seen.size()))
            : RegularFile.whole(seen.size());
    Entry entry = new Entry(path, kind, seen.attributes(file.xattrs()));
    byte[] header = TarEncoder.header(entry);
    StoredContent content = new StoredContent(file::read, kind, advanced);
    long total = header.length + kind.stored();
    if (TarStream.isLarge(header, kind.stored())) {
      stream.put(header);
      List<Part> parts = stream.large(content, earlier.large().sections(kind));
      stream.pad(kind.stored());
      return Optional.of(
          new Archived(entry, seen, parts, doubt(content, file, seen), Optional.empty()));
    }
    stream.keepTogether((int) total);
    int mark = stream.mark();
    stream.put(header);
    List<Part> parts = stream.small(content, (int) kind.stored());
    Optional<FileFailure> failure = content.failure();
    if (failure.isPresent()) {
      stream.back(mark);
      throw failure.get();
    }
    Optional<Doubt> doubt = doubt(content, file, seen);
    if (doubt.isPresent() && !last) {
      stream.back(mark);
      return Optional.empty();
    }
    Optional<FrameHash> hash =
        parts.isEmpty()
            ? Optional.empty()
            : sharing.map(with -> stream.hash(with.key(), parts.getFirst()));
    Optional<List<Slice>> known =
        parts.isEmpty()
            ? earlier.empty(entry)
            : hash.flatMap(value -> known(value, (int) kind.stored(), earlier));
    if (known.isPresent()) {
      stream.back(mark);
      List<Part> elsewhere = known.get().stream().map(Part::of).toList();
      return Optional.of(new Archived(entry, seen, elsewhere, doubt, hash));
    }
    stream.pad(kind.stored());
    return Optional.of(new Archived(entry, seen, parts, doubt, hash));
  }

  /** Searches known content; unchanged content needs no search. */
  private Optional<List<Slice>> known(FrameHash hash, int length, Earlier earlier) {
    return earlier
        .of(hash, length)
        .or(() -> sharing.flatMap(with -> with.known().find(hash, length)));
  }

  private static Optional<Doubt> doubt(StoredContent content, OpenFile file, Stat seen) {
    Optional<FileFailure> failure = content.failure();
    if (failure.isPresent()) {
      String text = failure.get().getMessage() + "; the rest of it is filled with zeros";
      return Optional.of(new Doubt(TreeListener.Note.UNREADABLE, text));
    }
    if (content.wasCutShort() || !file.stat().isUnchangedSince(seen)) {
      return Optional.of(new Doubt(TreeListener.Note.CHANGED, "changed while it was read"));
    }
    return Optional.empty();
  }
}
