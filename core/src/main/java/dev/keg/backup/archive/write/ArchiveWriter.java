package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent;
import dev.keg.backup.archive.delta.EarlierFile;
import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.Compression.Gzip;
import dev.keg.backup.archive.frame.Compression.Layer;
import dev.keg.backup.archive.frame.Compression.None;
import dev.keg.backup.archive.frame.Compression.Zstd;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.walk.TreeReader;
import dev.keg.backup.archive.walk.TreeReader.Found;
import dev.keg.backup.archive.write.FileArchiver.Earlier;
import dev.keg.backup.archive.write.PendingEntry.Part;
import dev.keg.backup.archive.write.StreamSink.LayerPacking;
import dev.keg.backup.archive.write.StreamSink.Packing;
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
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Archives a tree: walks it and reads small files on threads ahead, reads large ones and writes the
 * tar stream on the calling one, and compresses on others. A file that changes while it is read
 * gets as many bytes as its header says; a small file is read again first. A file that cannot be
 * read is left out and reported.
 */
public final class ArchiveWriter {
  private final TreeReader tree;
  private final ArchiveRequest request;
  private final EntryCounter counter;
  private final FrameSink sink;
  private final TarStream stream;
  private final PreviousEntries previous;
  private final HardLinks hardLinks = new HardLinks();

  private ArchiveWriter(
      TreeReader tree,
      ArchiveRequest request,
      EntryCounter counter,
      PreviousEntries previous,
      FrameSink sink) {
    this.tree = tree;
    this.request = request;
    this.counter = counter;
    this.sink = sink;
    this.previous = previous;
    stream = new TarStream(sink, request.compression() instanceof Zstd);
  }

  /** Writes the whole archive; leaves the channel open. */
  public static ArchiveSummary write(
      FileTree tree, ArchiveRequest request, TreeListener listener, WritableByteChannel out) {
    PreviousEntries previous = new PreviousEntries(request.previous());
    EntryCounter counter = new EntryCounter(listener);
    try (FrameSink sink = sink(request, previous, out);
        TreeReader reader =
            new TreeReader(tree, request.excluded(), stat -> isNew(stat, request), counter)) {
      return new ArchiveWriter(reader, request, counter, previous, sink).run();
    }
  }

  private static boolean isNew(Stat stat, ArchiveRequest request) {
    return request.previous().filter(last -> last.mayHave(stat)).isEmpty();
  }

  static FrameSink sink(ArchiveRequest request, PreviousEntries previous, WritableByteChannel out) {
    int threads = request.compression().threads(request.threads());
    return switch (request.compression()) {
      case Zstd zstd -> {
        FramePipeline pipeline = new FramePipeline(request.name(), out, threads);
        ContentSharing sharing = request.sharing().orElseGet(() -> first(request));
        ArchiveIndex index =
            request.sharing().isPresent()
                ? new SharedIndex(pipeline, sharing, request.description(), previous)
                : new FirstIndex(pipeline, sharing.key(), request.description());
        yield new IndexedSink(pipeline, zstd.level(), sharing, index, request.previous());
      }
      case Gzip gzip ->
          new StreamSink(
              new FramePipeline(request.name(), out, threads), new GzipPacking(gzip.level()));
      case Layer layer ->
          new StreamSink(new FramePipeline(request.name(), out, threads), new LayerPacking(layer));
      case None _ -> new StreamSink(new FramePipeline(request.name(), out, threads), Packing.NONE);
    };
  }

  /** Sharing for version 1, which finds frames of large files in the archive that it builds on. */
  private static ContentSharing first(ArchiveRequest request) {
    return request
        .previous()
        .map(last -> new ContentSharing(last.archive().key(), last.known()))
        .orElseGet(() -> new ContentSharing(FrameKey.random(), new KnownContent(Avoided.NOTHING)));
  }

  private ArchiveSummary run() {
    request.comment().ifPresent(text -> stream.put(TarEncoder.comment(text)));
    for (var found = tree.next(); found.isPresent(); found = tree.next()) {
      archive(found.get());
      stream.page();
    }
    if (!needsContent() || stream.isBegun()) {
      stream.end();
    }
    long written = sink.finish(counter.totals());
    return counter.summary(tree.met(), written);
  }

  /** Whether the tar stream contains only files whose content is written. */
  private boolean needsContent() {
    return request.sharing().isPresent() && request.isPartial();
  }

  private void archive(Found found) {
    Optional<IndexedEntry> before =
        previous.at(found.path()).or(() -> previous.moved(found.stat()));
    try {
      Optional<TreePath> first = hardLinks.first(found.stat());
      if (first.isPresent()) {
        put(found, new HardLink(first.get()), Xattrs.NONE);
      } else if (before.isEmpty() || !isUnchanged(before.get(), found.stat())) {
        read(found, before);
      } else if (request.previous().filter(last -> last.isDamaged(before.get())).isPresent()) {
        counter.rewritten();
        read(found, before);
      } else if (request.previous().filter(last -> last.isLeft(before.get())).isPresent()) {
        read(found, before);
      } else {
        again(found, before.get());
      }
    } catch (FileFailure e) {
      if (found.path().isRoot() || sink.isBroken()) {
        throw e;
      }
      counter.note(found.path(), Note.UNREADABLE, String.valueOf(e.getMessage()));
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

  /** Refers to content in an earlier archive. */
  private void again(Found found, IndexedEntry before) {
    Entry entry =
        new Entry(
            found.path(),
            before.entry().kind(),
            found.stat().attributes(before.entry().attributes().xattrs()));
    IndexedEntry again =
        entry.equals(before.entry())
            ? before
            : new IndexedEntry(
                entry,
                before.fingerprint(),
                false,
                before.slices(),
                before.content(),
                before.runs());
    sink.entry(PendingEntry.of(again));
    hardLinks.archived(found.path(), found.stat());
    counter.seen(found.stat());
    if (entry.kind() instanceof RegularFile file) {
      counter.advanced(file.stored());
    }
    counter.archived(entry, false);
  }

  private void read(Found found, Optional<IndexedEntry> before) {
    TreePath path = found.path();
    switch (found.stat().type()) {
      case DIRECTORY -> put(found, new Directory(), tree.xattrs());
      case FIFO -> put(found, new Fifo(), tree.xattrs());
      case CHARACTER, BLOCK -> put(found, found.stat().toDevice(), tree.xattrs());
      case SYMLINK ->
          tree.target()
              .ifPresentOrElse(
                  target -> put(found, new Symlink(target), tree.xattrs()),
                  () -> counter.note(path, Note.VANISHED, "replaced meanwhile"));
      case SOCKET -> counter.note(path, Note.SOCKET, "a socket is not part of a backup");
      case REGULAR ->
          new FileArchiver(tree, stream, request.sharing(), counter::advanced)
              .read(found, earlier(path, before))
              .ifPresentOrElse(
                  file -> put(found, file),
                  () -> counter.note(path, Note.VANISHED, "removed meanwhile"));
    }
  }

  /** The earlier content of the file that a new archive may refer to. */
  private Earlier earlier(TreePath path, Optional<IndexedEntry> before) {
    Optional<Predecessor> last = request.sharing().flatMap(_ -> request.previous());
    if (last.isEmpty() || before.isEmpty()) {
      return new Earlier(LargeContent.read(EarlierContent.none()), Optional.empty());
    }
    Predicate<FrameRef> usable = last.get()::isUsable;
    // A small file shared its frame with others, some of which may be gone.
    if (before.get().content().isPresent() || before.get().slices().isEmpty()) {
      return new Earlier(
          LargeContent.read(EarlierContent.none()),
          before.filter(entry -> entry.slices().stream().map(Slice::frame).allMatch(usable)));
    }
    LargeContent large =
        request
            .changes()
            .filter(changes -> changes.file().equals(path))
            .<LargeContent>map(
                changes ->
                    new LargeContent.Recorded(
                        new EarlierFile(before.get()), changes.ranges(), usable))
            .orElseGet(() -> LargeContent.read(new EarlierContent(before.get().slices(), usable)));
    return new Earlier(large, Optional.empty());
  }

  private void put(Found found, FileArchiver.Archived file) {
    file.doubt().ifPresent(doubt -> counter.note(found.path(), doubt.note(), doubt.text()));
    index(found, file.entry(), file.stat(), file.doubt().isPresent(), file.parts(), file.content());
  }

  private void put(Found found, FileKind kind, Xattrs xattrs) {
    Entry entry = new Entry(found.path(), kind, found.stat().attributes(xattrs));
    if (!needsContent()) {
      stream.put(TarEncoder.header(entry));
    }
    index(found, entry, found.stat(), false, List.of(), Optional.empty());
  }

  private void index(
      Found found,
      Entry entry,
      Stat stat,
      boolean changed,
      List<Part> parts,
      Optional<FrameHash> content) {
    Fingerprint fingerprint = Fingerprint.of(stat, request.settled());
    sink.entry(new PendingEntry(entry, fingerprint, changed, parts, content, Optional.empty()));
    if (!(entry.kind() instanceof HardLink)) {
      hardLinks.archived(found.path(), stat);
      counter.seen(stat);
    }
    counter.archived(entry, changed);
  }
}
