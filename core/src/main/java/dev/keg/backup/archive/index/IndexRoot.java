package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is true of the whole archive, and where its index pages are.
 *
 * <pre>
 * key         16 bytes
 * totals      entries, files, bytes of content, files that changed while read
 * description
 * objects     count, then names
 * pages       count, then for each: offset, stored, length, SHA-256, entries, first path
 * </pre>
 */
public record IndexRoot(
    FrameKey key, Totals totals, ByteString description, ObjectNames objects, List<Page> pages) {
  /** Where an index page lies, with its magic, in a skippable frame that begins 8 bytes before. */
  public record Page(
      long offset, int stored, int length, ByteString sha256, int entries, TreePath first) {
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
  }

  /** Objects by small numbers. The names stay short in an index that mentions them often. */
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
    long end = 0;
    for (Page page : pages) {
      // A page that is named often would be read often.
      if (page.offset() < end) {
        throw new IllegalArgumentException("index pages overlap at byte " + page.offset());
      }
      end = page.offset() + page.stored();
    }
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
      out.number(page.offset()).number(page.stored()).number(page.length());
      out.raw(page.sha256()).number(page.entries()).bytes(page.first().bytes());
    }
    return out.toArray();
  }

  public static IndexRoot decode(byte[] bytes) {
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
      pages.add(page(in));
    }
    in.end();
    return new IndexRoot(key, totals, description, objects, pages);
  }

  private static Page page(IndexInput in) {
    long offset = in.number();
    int stored = in.count();
    int length = in.count();
    ByteString sha256 = in.raw(Sha256.LENGTH);
    int entries = in.count();
    ByteString first = in.bytes();
    return new Page(
        offset,
        stored,
        length,
        sha256,
        entries,
        first.isEmpty() ? TreePath.ROOT : TreePath.parse(first));
  }
}
