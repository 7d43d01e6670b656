package dev.keg.backup.archive;

import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.write.ArchiveRequest;
import dev.keg.backup.archive.write.ArchiveRequest.Changes;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.backup.archive.write.ContentSharing;
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
import java.util.stream.Stream;

/** Archives in memory, by name. */
public final class Shelf implements Opener {
  public static final FrameKey KEY = new FrameKey(1, 2);
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
        previous.map(archive -> Predecessor.of(archive, Avoided.NOTHING)),
        _ -> false,
        2,
        NOW);
  }

  /** An archive of version 2, based on these; the first of them is the previous one. */
  public ArchiveSummary addShared(String name, FileTree tree, String... earlier) {
    return addShared(name, tree, true, earlier);
  }

  /** One without a previous archive, which may refer to the content of these. */
  public ArchiveSummary addSibling(String name, FileTree tree, String... others) {
    return addShared(name, tree, false, others);
  }

  /**
   * Based on an archive with more than this number of references; the least used ones are dropped.
   */
  public ArchiveSummary addConcise(String name, FileTree tree, String before, int most) {
    try (Predecessor previous = Predecessor.of(archive(before), Avoided.NOTHING, most, Map::of)) {
      ArchiveRequest plain = request(name, Optional.empty());
      ArchiveRequest onTop =
          new ArchiveRequest(
              name,
              plain.compression(),
              plain.description(),
              Optional.of(previous),
              plain.excluded(),
              plain.threads(),
              plain.settled());
      return add(tree, shared(onTop, new ContentSharing(KEY, previous.known())));
    }
  }

  /** Based on one archive, without a search for moved content. */
  public ArchiveSummary addUnsearched(String name, FileTree tree, String before) {
    try (Archive previous = archive(before)) {
      ArchiveRequest request = request(name, Optional.of(previous));
      return add(tree, shared(request, new ContentSharing(KEY, new KnownContent(Avoided.NOTHING))));
    }
  }

  /** Based on one archive, with a record of the changes to a file since. */
  public ArchiveSummary addRecorded(String name, FileTree tree, String before, Changes changes) {
    try (Predecessor previous = Predecessor.of(archive(before), Avoided.NOTHING)) {
      ArchiveRequest plain = request(name, Optional.empty());
      return add(
          tree,
          new ArchiveRequest(
              name,
              plain.compression(),
              plain.description(),
              Optional.of(previous),
              plain.excluded(),
              plain.threads(),
              plain.settled(),
              Optional.of(new ContentSharing(KEY, previous.known())),
              Optional.of(changes)));
    }
  }

  private ArchiveSummary addShared(String name, FileTree tree, boolean onTop, String... earlier) {
    List<Archive> archives = Stream.of(earlier).map(this::archive).toList();
    try {
      KnownContent known = new KnownContent(Avoided.NOTHING);
      archives.forEach(archive -> known.add(archive, _ -> {}));
      Optional<Archive> previous = archives.stream().filter(_ -> onTop).findFirst();
      ArchiveRequest request = request(name, previous);
      return add(tree, shared(request, new ContentSharing(KEY, known)));
    } finally {
      archives.forEach(Archive::close);
    }
  }

  static ArchiveRequest shared(ArchiveRequest request, ContentSharing sharing) {
    return new ArchiveRequest(
        request.name(),
        request.compression(),
        request.description(),
        request.previous(),
        request.excluded(),
        request.threads(),
        request.settled(),
        Optional.of(sharing));
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
    return Archive.open(name, this);
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

  /** The content that a restore would write to the file. */
  public byte[] content(String name, String path) {
    return contents(name, List.of(path)).getFirst();
  }

  /** The same for several files. */
  public List<byte[]> contents(String name, List<String> paths) {
    try (Archive archive = archive(name);
        ArchiveSources sources = new ArchiveSources(archive, this);
        FrameReader reader = new FrameReader(sources)) {
      return paths.stream().map(path -> content(archive, reader, path)).toList();
    }
  }

  private static byte[] content(Archive archive, FrameReader reader, String path) {
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
