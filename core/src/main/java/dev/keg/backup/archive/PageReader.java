package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the index pages of an archive, which may be in earlier ones. Adjacent pages are read
 * together, since a single request to a remote store takes as long as many pages.
 *
 * <p>Invalid content is an {@link IllegalArgumentException}.
 */
final class PageReader implements AutoCloseable {
  /** How much of the index to keep, since a restore passes through it three times. */
  private static final int KEPT = 8 << 20;

  /** Pages of a longer index are not kept: that would save little of its reading. */
  private static final int LONG = 4 * KEPT;

  /** How much to read at once. */
  private static final int AHEAD = 1 << 20;

  private final String name;
  private final RangeSource source;
  private final ArchiveSources.Opener others;
  private final IndexRoot root;
  private final long end;
  private final Set<String> known;
  private final int mostKept;
  private final Map<String, RangeSource> opened = new HashMap<>();

  /** The kept pages, whose hashes were verified. */
  private final Map<IndexRoot.Page, ByteBuffer> payloads = new HashMap<>();

  private Map<IndexRoot.Page, ByteBuffer> ahead = Map.of();
  private int kept;

  /**
   * @param end the last possible end of the archive's own pages
   */
  PageReader(
      String name, RangeSource source, ArchiveSources.Opener others, IndexRoot root, long end) {
    this.name = name;
    this.source = source;
    this.others = others;
    this.root = root;
    this.end = end;
    known = new HashSet<>(root.objects().list());
    known.add(name);
    long stored = root.pages().stream().mapToLong(IndexRoot.Page::stored).sum();
    mostKept = stored > LONG ? 0 : KEPT;
  }

  /** Reads a single page. */
  IndexPage page(IndexRoot.Page place) {
    return decode(place, payload(place, () -> List.of(place)));
  }

  /** Reads the n-th page, for a caller that will also read the following wanted ones. */
  IndexPage page(int number, IntPredicate wanted) {
    IndexRoot.Page place = root.pages().get(number);
    return decode(place, payload(place, () -> run(number, wanted)));
  }

  /** The pages from this one to the last wanted one that can be read at once. */
  private List<IndexRoot.Page> run(int number, IntPredicate wanted) {
    IndexRoot.Page first = root.pages().get(number);
    int end = number + 1;
    long next = first.end() + Skippable.HEAD;
    for (int i = end; i < root.pages().size(); i++) {
      IndexRoot.Page page = root.pages().get(i);
      boolean behind = page.object().equals(first.object()) && page.offset() == next;
      if (!behind || page.end() - first.offset() > AHEAD) {
        break;
      }
      end = wanted.test(i) ? i + 1 : end;
      next = page.end() + Skippable.HEAD;
    }
    return root.pages().subList(number, end);
  }

  private IndexPage decode(IndexRoot.Page place, ByteBuffer payload) {
    byte[] content = Skippable.unpack(Skippable.PAGE, payload, place.length());
    return root.version() == Footer.FIRST
        ? IndexPage.decode(content, name, root.objects())
        : IndexPage.decode(content, place.object(), known, place.first());
  }

  private synchronized ByteBuffer payload(
      IndexRoot.Page place, Supplier<List<IndexRoot.Page>> run) {
    @Nullable ByteBuffer sound = payloads.get(place);
    if (sound != null) {
      return sound.duplicate();
    }
    @Nullable ByteBuffer before = ahead.get(place);
    if (before == null) {
      ahead = readAhead(run.get());
      before = ahead.get(place);
    }
    if (before == null || !Sha256.of(before).equals(place.sha256())) {
      before = readAgain(place);
    }
    if (kept + place.stored() <= mostKept) {
      payloads.put(place, copy(before));
      kept += place.stored();
    }
    return before.duplicate();
  }

  /** Without the other pages that were read together with it. */
  private static ByteBuffer copy(ByteBuffer payload) {
    return ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
  }

  private ByteBuffer readAgain(IndexRoot.Page place) {
    ByteBuffer bytes = ByteBuffer.allocate(place.stored());
    if (!source(place)
        .readAgain(place.offset(), bytes, copy -> Sha256.of(copy).equals(place.sha256()))) {
      throw new IllegalArgumentException("its hash is wrong");
    }
    return bytes.flip();
  }

  /** Falls back to a single page, since a later one may be unreadable. */
  private Map<IndexRoot.Page, ByteBuffer> readAhead(List<IndexRoot.Page> run) {
    try {
      return read(run);
    } catch (IllegalArgumentException | InvalidArchive e) {
      if (run.size() == 1) {
        throw e;
      }
      return read(run.subList(0, 1));
    }
  }

  private Map<IndexRoot.Page, ByteBuffer> read(List<IndexRoot.Page> run) {
    IndexRoot.Page first = run.getFirst();
    long length = run.getLast().end() - first.offset();
    if (run.getLast().end() > end(first)) {
      throw new IllegalArgumentException("a page outside of the archive");
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
    source(first).read(first.offset(), bytes);
    Map<IndexRoot.Page, ByteBuffer> read = new HashMap<>();
    for (IndexRoot.Page page : run) {
      read.put(page, bytes.slice((int) (page.offset() - first.offset()), page.stored()));
    }
    return read;
  }

  private long end(IndexRoot.Page place) {
    return place.object().equals(name) ? end : source(place).length();
  }

  private RangeSource source(IndexRoot.Page place) {
    return place.object().equals(name)
        ? source
        : opened.computeIfAbsent(place.object(), others::open);
  }

  @Override
  public void close() {
    opened.values().forEach(RangeSource::close);
    source.close();
  }
}
