package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.RecentFrames;
import dev.keg.backup.archive.delta.EarlierContent;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.frame.Compression.Zstd;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.write.PendingEntry.Part;
import dev.keg.backup.tar.TarEncoder;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreeListener;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Writes all files of an archive, wherever their content is stored, as an archive of its own. Its
 * tar stream is the one that the archived tree would give. Damage is thrown when it is reached.
 */
public record ArchiveCopy(
    String name, Compression compression, ByteString description, int threads) {
  /**
   * How many frames to keep. Each backup stored its files in the order of a walk, so a frame is
   * read once if neighbouring files come from at most this number of backups.
   */
  private static final int FRAMES = 8;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** Writes the whole copy; leaves the channel open. */
  public ArchiveSummary write(
      Archive archive, ArchiveSources sources, TreeListener listener, WritableByteChannel out) {
    ArchiveRequest request = ArchiveRequest.whole(name, compression, description, threads);
    EntryCounter counter = new EntryCounter(listener);
    try (RecentFrames frames = new RecentFrames(sources, FRAMES);
        FrameSink sink =
            ArchiveWriter.sink(request, new PreviousEntries(request.previous()), out)) {
      TarStream stream = new TarStream(sink, compression instanceof Zstd);
      Run run = new Run(archive.key(), frames, counter, sink, stream);
      request.comment().ifPresent(text -> stream.put(TarEncoder.comment(text)));
      archive.entries().forEachRemaining(run::copy);
      stream.end();
      long written = sink.finish(counter.totals());
      return counter.summary(counter.totals().entries(), written);
    }
  }

  private record Run(
      FrameKey key, RecentFrames frames, EntryCounter counter, FrameSink sink, TarStream stream) {
    void copy(IndexedEntry indexed) {
      Entry entry = indexed.entry();
      byte[] header = TarEncoder.header(entry);
      List<Part> parts = List.of();
      if (entry.kind() instanceof RegularFile kind) {
        parts = file(header, kind, indexed);
      } else {
        stream.put(header);
      }
      sink.entry(
          new PendingEntry(
              entry, Fingerprint.NONE, false, parts, Optional.empty(), Optional.empty()));
      counter.archived(entry, false);
      stream.page();
    }

    private List<Part> file(byte[] header, RegularFile kind, IndexedEntry indexed) {
      StoredContent content =
          new StoredContent(new StoredBytes(indexed, key, frames), kind, counter::advanced);
      List<Part> parts;
      if (TarStream.isLarge(header, kind.stored())) {
        stream.put(header);
        parts = stream.large(content, LargeContent.read(EarlierContent.none()).sections(kind));
      } else {
        stream.keepTogether((int) (header.length + kind.stored()));
        stream.put(header);
        parts = stream.small(content, (int) kind.stored());
      }
      content
          .failure()
          .ifPresent(
              failure -> {
                throw failure;
              });
      stream.pad(kind.stored());
      return parts;
    }
  }

  /** The stored bytes of a file, which are read from front to end, whatever the position. */
  private static final class StoredBytes implements StoredContent.Source {
    private final IndexedEntry file;
    private final FrameKey key;
    private final RecentFrames frames;
    private final Iterator<Slice> slices;
    private ByteBuffer slice = NOTHING;

    StoredBytes(IndexedEntry file, FrameKey key, RecentFrames frames) {
      this.file = file;
      this.key = key;
      this.frames = frames;
      slices = file.slices().iterator();
    }

    @Override
    public int read(ByteBuffer into, long position) {
      if (!slice.hasRemaining()) {
        Slice next = slices.next();
        slice = frames.read(next, key, file.hash(next));
      }
      int length = Math.min(into.remaining(), slice.remaining());
      into.put(slice.slice(slice.position(), length));
      slice.position(slice.position() + length);
      return length;
    }
  }
}
