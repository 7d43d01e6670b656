package dev.keg.backup.archive;

import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.write.ArchiveRequest;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Archives in memory, by name. */
public final class Shelf implements Opener {
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  public final Map<String, byte[]> objects = new HashMap<>();
  public final List<String> notes = new ArrayList<>();
  public final AtomicInteger reads = new AtomicInteger();

  public byte[] bytes(String name) {
    return Objects.requireNonNull(objects.get(name), name);
  }

  public static ArchiveRequest request(String name, Optional<Archive> previous) {
    return new ArchiveRequest(
        name,
        new Compression.Zstd(3),
        ByteString.utf8("{\"volume\":\"db\"}"),
        previous.map(archive -> Predecessor.of(archive, _ -> false)),
        _ -> false,
        2,
        NOW);
  }

  public TreeListener listener() {
    return (path, note, text) -> notes.add(note + " " + path + ": " + text);
  }

  public ArchiveSummary add(FileTree tree, ArchiveRequest request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveSummary summary =
        ArchiveWriter.write(tree, request, listener(), Channels.newChannel(out));
    objects.put(request.name(), out.toByteArray());
    return summary;
  }

  public ArchiveSummary add(String name, FileTree tree) {
    return add(tree, request(name, Optional.empty()));
  }

  public ArchiveSummary addPartial(String name, FileTree tree, String previous) {
    try (Archive before = archive(previous)) {
      return add(tree, request(name, Optional.of(before)));
    }
  }

  public Archive archive(String name) {
    return Archive.open(name, open(name));
  }

  @Override
  public RangeSource open(String object) {
    byte[] bytes = objects.get(object);
    if (bytes == null) {
      throw new FileFailure("read", object, "no such file or directory", null);
    }
    return new RangeSource() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public void read(long offset, ByteBuffer into) {
        reads.incrementAndGet();
        into.put(bytes, (int) offset, into.remaining());
      }

      @Override
      public void close() {}
    };
  }

  public List<IndexedEntry> entries(String name) {
    try (Archive archive = archive(name)) {
      List<IndexedEntry> entries = new ArrayList<>();
      archive.entries().forEachRemaining(entries::add);
      return entries;
    }
  }

  /** What a restore would write into the file. */
  public byte[] content(String name, String path) {
    try (Archive archive = archive(name);
        ArchiveSources sources = new ArchiveSources(archive, this);
        FrameReader reader = new FrameReader(sources)) {
      IndexedEntry entry = archive.find(TreePath.parse(path)).orElseThrow();
      RegularFile kind = (RegularFile) entry.entry().kind();
      ByteBuffer stored = ByteBuffer.allocate((int) kind.stored());
      for (Slice slice : entry.slices()) {
        stored.put(reader.read(slice.frame()).slice(slice.offset(), slice.length()));
      }
      byte[] content = new byte[(int) kind.size()];
      stored.flip();
      for (Extent extent : kind.data()) {
        stored.get(content, (int) extent.offset(), (int) extent.length());
      }
      return content;
    }
  }

  public Verification.Result verify(String name) {
    try (Archive archive = archive(name);
        ArchiveSources sources = new ArchiveSources(archive, this)) {
      return Verification.full(archive, sources, 2);
    }
  }

  public Verification.Result verifyQuickly(String name) {
    try (Archive archive = archive(name);
        ArchiveSources sources = new ArchiveSources(archive, this)) {
      return Verification.quick(archive, sources);
    }
  }

  /** The hashes of the frames of one file. */
  public List<FrameHash> frames(String name, String path) {
    for (Iterator<IndexedEntry> i = entries(name).iterator(); i.hasNext(); ) {
      IndexedEntry entry = i.next();
      if (entry.entry().path().equals(TreePath.parse(path))) {
        return entry.slices().stream().map(s -> s.frame().hash()).toList();
      }
    }
    return List.of();
  }
}
