package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.Compression.Gzip;
import dev.keg.backup.archive.frame.Compression.None;
import dev.keg.backup.archive.frame.Compression.Zstd;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.ZstdEncoder;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.write.PendingEntry.Part;
import dev.keg.backup.archive.write.TreeWalk.Found;
import dev.keg.backup.tar.TarEncoder;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Fifo;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.FileTree;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Archives a tree: walks and reads it on the calling thread, packs on others. A file that changes
 * while it is read gets as many bytes as its header says; a small one is read again first. One that
 * cannot be read is left out and told.
 */
public final class ArchiveWriter {
  private final FileTree tree;
  private final ArchiveRequest request;
  private final TreeListener listener;
  private final Tally tally;
  private final FrameSink sink;
  private final TarStream stream;
  private final PreviousEntries previous;
  private final HardLinks hardLinks = new HardLinks();

  private ArchiveWriter(
      FileTree tree, ArchiveRequest request, TreeListener listener, FrameSink sink) {
    this.tree = tree;
    this.request = request;
    this.tally = new Tally(listener);
    this.listener = tally;
    this.sink = sink;
    stream = new TarStream(sink, request.compression() instanceof Zstd);
    previous = new PreviousEntries(request.previous().map(Predecessor::archive));
  }

  /** Writes the whole archive; the channel stays open. */
  public static ArchiveSummary write(
      FileTree tree, ArchiveRequest request, TreeListener listener, WritableByteChannel out) {
    try (FrameSink sink = sink(request, out)) {
      return new ArchiveWriter(tree, request, listener, sink).run();
    }
  }

  private static FrameSink sink(ArchiveRequest request, WritableByteChannel out) {
    int threads = request.threads();
    return switch (request.compression()) {
      case Zstd zstd -> {
        FrameKey key =
            request.previous().map(last -> last.archive().key()).orElseGet(FrameKey::random);
        Map<FrameHash, FrameRef> known =
            request.previous().map(Predecessor::frames).orElseGet(Map::of);
        yield new IndexedSink(
            new FramePipeline(request.name(), out, ZstdEncoder.room(FrameRef.MAX_LENGTH), threads),
            zstd.level(),
            key,
            request.description(),
            known);
      }
      case Gzip gzip ->
          new GzipSink(
              new FramePipeline(request.name(), out, GzipSink.room(FrameRef.MAX_LENGTH), threads),
              gzip.level());
      case None _ -> new PlainSink(new FramePipeline(request.name(), out, FrameRef.MAX_LENGTH, 1));
    };
  }

  private ArchiveSummary run() {
    if (!request.description().isEmpty() && request.previous().isEmpty()) {
      stream.put(TarEncoder.comment(request.description()));
    }
    TreeWalk walk = new TreeWalk(tree, request.excluded(), listener);
    for (var found = walk.next(); found.isPresent(); found = walk.next()) {
      archive(found.get());
      if (sink.pageIsDue()) {
        stream.cut();
        sink.page();
      }
    }
    stream.put(TarEncoder.end());
    stream.cut();
    long written = sink.finish(tally.totals());
    return tally.summary(walk.met(), written);
  }

  private void archive(Found found) {
    Optional<IndexedEntry> before = previous.at(found.path());
    try {
      Optional<TreePath> first = hardLinks.first(found.stat());
      if (first.isPresent()) {
        put(found, new HardLink(first.get()), Xattrs.NONE);
      } else if (before.isEmpty() || !isUnchanged(before.get(), found.stat())) {
        read(found);
      } else if (isSound(before.get())) {
        again(found, before.get());
      } else {
        tally.rewritten();
        read(found);
      }
    } catch (FileFailure e) {
      if (found.path().isRoot() || sink.isBroken()) {
        throw e;
      }
      listener.note(found.path(), Note.UNREADABLE, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isUnchanged(IndexedEntry before, Stat stat) {
    return before.fingerprint().matches(stat)
        && !before.changedWhileRead()
        && before.entry().attributes().modified().equals(stat.modified())
        && switch (before.entry().kind()) {
          case Directory _ -> stat.type() == Stat.Type.DIRECTORY;
          case RegularFile file -> stat.type() == Stat.Type.REGULAR && file.size() == stat.size();
          case Symlink _ -> stat.type() == Stat.Type.SYMLINK;
          case HardLink _, Fifo _, FileKind.Device _ -> false;
        };
  }

  private boolean isSound(IndexedEntry before) {
    return request.previous().filter(last -> last.isSound(before)).isPresent();
  }

  /** Refers to what an earlier archive holds. */
  private void again(Found found, IndexedEntry before) {
    Entry entry =
        new Entry(
            found.path(),
            before.entry().kind(),
            found.stat().attributes(before.entry().attributes().xattrs()));
    sink.entry(
        PendingEntry.of(new IndexedEntry(entry, before.fingerprint(), false, before.slices())));
    hardLinks.archived(found.path(), found.stat());
    if (entry.kind() instanceof RegularFile file) {
      tally.advanced(file.stored());
    }
    tally.archived(entry, false);
  }

  private void read(Found found) {
    TreePath path = found.path();
    switch (found.stat().type()) {
      case DIRECTORY -> put(found, new Directory(), tree.xattrs(path));
      case FIFO -> put(found, new Fifo(), tree.xattrs(path));
      case CHARACTER, BLOCK -> put(found, found.stat().toDevice(), tree.xattrs(path));
      case SYMLINK ->
          tree.target(path)
              .ifPresentOrElse(
                  target -> put(found, new Symlink(target), tree.xattrs(path)),
                  () -> listener.note(path, Note.VANISHED, "replaced meanwhile"));
      case SOCKET -> listener.note(path, Note.SOCKET, "a socket is no part of a backup");
      case REGULAR ->
          new FileArchiver(tree, stream, tally::advanced)
              .read(found)
              .ifPresentOrElse(
                  file -> put(found, file),
                  () -> listener.note(path, Note.VANISHED, "removed meanwhile"));
    }
  }

  private void put(Found found, FileArchiver.Archived file) {
    file.doubt().ifPresent(doubt -> listener.note(found.path(), doubt.note(), doubt.text()));
    index(found, file.entry(), file.stat(), file.doubt().isPresent(), file.parts());
  }

  private void put(Found found, FileKind kind, Xattrs xattrs) {
    Entry entry = new Entry(found.path(), kind, found.stat().attributes(xattrs));
    stream.put(TarEncoder.header(entry));
    index(found, entry, found.stat(), false, List.of());
  }

  private void index(Found found, Entry entry, Stat stat, boolean changed, List<Part> parts) {
    Fingerprint fingerprint = Fingerprint.of(stat, request.settled());
    sink.entry(new PendingEntry(entry, fingerprint, changed, parts));
    if (!(entry.kind() instanceof HardLink)) {
      hardLinks.archived(found.path(), stat);
    }
    tally.archived(entry, changed);
  }
}
