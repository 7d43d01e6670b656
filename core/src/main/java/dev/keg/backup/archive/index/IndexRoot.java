package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Facts about the whole archive, and the locations of its index pages.
 *
 * <pre>
 * key         16 bytes
 * totals      entries, files, bytes of content, files that changed while read
 * description
 * objects     count, then names
 * pages       count, then for each: object (since version 2), offset, stored, length, SHA-256,
 *             entries, first path
 * more        since version 2: bytes reserved for later writers, which readers skip; none yet
 * </pre>
 *
 * <p>A page's object is 0 for the archive itself, otherwise the index of its name plus one.
 *
 * @param objects the other archives that this one needs
 */
public record IndexRoot(
    int version,
    FrameKey key,
    Totals totals,
    ByteString description,
    ObjectNames objects,
    List<Page> pages) {
  /**
   * The location of an index page, after its magic, in a skippable frame that begins 8 bytes
   * earlier.
   *
   * @param object the archive; an empty name means the one that contains the reference
   */
  public record Page(
      String object,
      long offset,
      int stored,
      int length,
      ByteString sha256,
      int entries,
      TreePath first) {
    public Page {
      if (offset < Skippable.HEAD
          || offset > Long.MAX_VALUE - stored
          || stored <= 0
          || length <= 0
          || sha256.length() != Sha256.LENGTH) {
        throw new IllegalArgumentException(
            "an index page of %d bytes at %d".formatted(stored, offset));
      }
    }

    /** The same page as the root of another archive refers to it. */
    public Page in(String name) {
      return new Page(name, offset, stored, length, sha256, entries, first);
    }

    /** The same page below a directory with another name. */
    public Page from(TreePath path) {
      return new Page(object, offset, stored, length, sha256, entries, path);
    }

    public long end() {
      return offset + stored;
    }
  }

  /** Numbers the objects, so that an index that mentions them often stays short. */
  public static final class ObjectNames {
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();

    public synchronized int number(String name) {
      return numbers.computeIfAbsent(
          name,
          n -> {
            names.add(n);
            return names.size() - 1;
          });
    }

    public synchronized String name(int number) {
      if (number >= names.size()) {
        throw new IllegalArgumentException("an object that is not named");
      }
      return names.get(number);
    }

    public synchronized List<String> list() {
      return List.copyOf(names);
    }
  }

  public IndexRoot {
    pages = List.copyOf(pages);
    Map<String, Long> ends = new HashMap<>();
    for (Page page : pages.stream().sorted(Comparator.comparingLong(Page::offset)).toList()) {
      // A page that is named repeatedly would be read repeatedly.
      if (page.offset() < ends.getOrDefault(page.object(), 0L)) {
        throw new IllegalArgumentException("index pages overlap at byte " + page.offset());
      }
      ends.put(page.object(), page.end());
    }
  }

  /** Whether both roots describe the same pages in the same way. */
  public boolean isSame(IndexRoot other) {
    return version == other.version
        && key.equals(other.key)
        && totals.equals(other.totals)
        && description.equals(other.description)
        && pages.equals(other.pages);
  }

  public byte[] encode() {
    IndexBytes out = new IndexBytes();
    out.fixed(key.k0()).fixed(key.k1());
    out.number(totals.entries()).number(totals.files()).number(totals.bytes());
    out.number(totals.changed());
    out.bytes(description);
    List<String> names = objects.list();
    out.number(names.size());
    names.forEach(out::text);
    out.number(pages.size());
    for (Page page : pages) {
      if (version >= Footer.SHARING) {
        out.number(page.object().isEmpty() ? 0 : 1 + objects.number(page.object()));
      }
      out.number(page.offset()).number(page.stored()).number(page.length());
      out.raw(page.sha256()).number(page.entries()).bytes(page.first().bytes());
    }
    if (version >= Footer.SHARING) {
      out.bytes(ByteString.EMPTY);
    }
    return out.toArray();
  }

  /** Decodes the root of the archive with this name. */
  public static IndexRoot decode(byte[] bytes, int version, String self) {
    IndexInput in = new IndexInput(bytes);
    FrameKey key = new FrameKey(in.fixedLong(), in.fixedLong());
    Totals totals = new Totals(in.number(), in.number(), in.number(), in.number());
    ByteString description = in.bytes();
    ObjectNames objects = new ObjectNames();
    int names = in.count();
    for (int i = 0; i < names; i++) {
      if (objects.number(in.text()) != i) {
        throw new IllegalArgumentException("an object that is named twice");
      }
    }
    int count = in.count();
    List<Page> pages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int object = version >= Footer.SHARING ? in.count() : 0;
      pages.add(page(in, object == 0 ? self : objects.name(object - 1)));
    }
    if (version >= Footer.SHARING) {
      in.bytes();
    }
    in.end();
    return new IndexRoot(version, key, totals, description, objects, pages);
  }

  private static Page page(IndexInput in, String object) {
    long offset = in.number();
    int stored = in.count();
    int length = in.count();
    ByteString sha256 = in.raw(Sha256.LENGTH);
    int entries = in.count();
    ByteString first = in.bytes();
    return new Page(
        object,
        offset,
        stored,
        length,
        sha256,
        entries,
        first.isEmpty() ? TreePath.ROOT : TreePath.parse(first));
  }
}
