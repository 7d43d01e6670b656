package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexRoot.ObjectNames;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A run of entries, in the order of a walk, and the adjacent frames in the archive itself that were
 * written for them, followed by the frames elsewhere that entries refer to.
 *
 * <pre>
 * objects:    since version 2: count, then names of the archives that the other frames are in
 * own frames: count, offset of the first, then for each: stored, length, crc, hash
 * others:     count, then for each: object, offset, stored, length, crc, hash
 * entries:    count, then each as {@link EntryCodec} has it
 * more:       since version 2: bytes reserved for later writers, which readers skip; none yet
 * </pre>
 *
 * <p>A page of version 1 uses the root's objects. A page of version 2 is self-contained, so that
 * later archives can refer to it: its object 0 is the archive that contains it.
 */
public record IndexPage(List<FrameRef> frames, List<IndexedEntry> entries) {
  public IndexPage {
    frames = List.copyOf(frames);
    entries = List.copyOf(entries);
    for (int i = 1; i < frames.size(); i++) {
      if (frames.get(i).offset() != frames.get(i - 1).end()) {
        throw new IllegalArgumentException("frames that overlap or leave a gap");
      }
    }
    for (int i = 1; i < entries.size(); i++) {
      TreePath path = entries.get(i).entry().path();
      if (path.compareTo(entries.get(i - 1).entry().path()) <= 0) {
        throw new IllegalArgumentException("entries out of order at " + path);
      }
    }
  }

  /** The deepest directory that contains all of the entries, or the root. */
  public static TreePath base(List<IndexedEntry> entries) {
    TreePath base = entries.isEmpty() ? TreePath.ROOT : entries.getFirst().entry().path().parent();
    for (IndexedEntry entry : entries) {
      while (!entry.entry().path().isWithin(base)) {
        base = base.parent();
      }
    }
    return base;
  }

  /** Whether these are its entries, possibly below a directory with another name. */
  public boolean has(List<IndexedEntry> others) {
    if (others.size() != entries.size() || others.isEmpty()) {
      return others.equals(entries);
    }
    TreePath from = base(entries);
    TreePath to = base(others);
    for (int i = 0; i < others.size(); i++) {
      if (!others.get(i).equals(entries.get(i).moved(from, to))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The path of its first entry; a page with only frames, at the end of an archive, counts as the
   * root's.
   */
  public TreePath firstPath() {
    return entries.isEmpty() ? TreePath.ROOT : entries.getFirst().entry().path();
  }

  /** The archives with its entries' frames; an empty name means the one that contains the page. */
  public Set<String> objects() {
    Set<String> objects = new LinkedHashSet<>();
    for (IndexedEntry entry : entries) {
      entry.slices().forEach(slice -> objects.add(slice.frame().object()));
    }
    objects.remove("");
    return objects;
  }

  /** Encodes a page of version 1; the objects go into the root. */
  public byte[] encode(ObjectNames objects) {
    return encode(Footer.FIRST, new IndexBytes(), objects);
  }

  /** Encodes a page of version 2. */
  public byte[] encode() {
    Set<String> others = objects();
    ObjectNames names = new ObjectNames();
    names.number("");
    IndexBytes out = new IndexBytes().number(others.size());
    for (String object : others) {
      names.number(object);
      out.text(object);
    }
    return encode(Footer.SHARING, out, names);
  }

  private byte[] encode(int version, IndexBytes out, ObjectNames objects) {
    Map<FrameRef, Integer> places = new LinkedHashMap<>();
    out.number(frames.size());
    if (!frames.isEmpty()) {
      out.number(frames.getFirst().offset());
    }
    for (FrameRef frame : frames) {
      places.put(frame, places.size());
      putFrame(out, frame);
    }
    List<FrameRef> others = others(places);
    out.number(others.size());
    for (FrameRef frame : others) {
      out.number(objects.number(frame.object())).number(frame.offset());
      putFrame(out, frame);
    }
    out.number(entries.size());
    EntryCodec codec =
        version >= Footer.SHARING ? EntryCodec.writing(base(entries)) : EntryCodec.absolute();
    for (IndexedEntry entry : entries) {
      codec.encode(out, entry, places);
    }
    if (version >= Footer.SHARING) {
      out.bytes(ByteString.EMPTY);
    }
    return out.toArray();
  }

  private List<FrameRef> others(Map<FrameRef, Integer> places) {
    List<FrameRef> others = new ArrayList<>();
    for (IndexedEntry entry : entries) {
      for (Slice slice : entry.slices()) {
        if (places.putIfAbsent(slice.frame(), places.size()) == null) {
          others.add(slice.frame());
        }
      }
    }
    return others;
  }

  private static void putFrame(IndexBytes out, FrameRef frame) {
    out.number(frame.stored()).number(frame.length()).fixed(frame.crc());
    out.fixed(frame.hash().high()).fixed(frame.hash().low());
  }

  /** Decodes a page of version 1. */
  public static IndexPage decode(byte[] bytes, String self, ObjectNames objects) {
    return decode(new IndexInput(bytes), self, objects, EntryCodec.absolute(), false);
  }

  /**
   * Decodes a page of version 2.
   *
   * @param self the archive that contains it
   * @param known the objects in the backup's record, so that no page leads elsewhere
   * @param first the path of its first entry in the tree being read
   */
  public static IndexPage decode(byte[] bytes, String self, Set<String> known, TreePath first) {
    IndexInput in = new IndexInput(bytes);
    ObjectNames names = new ObjectNames();
    names.number(self);
    int count = in.count();
    for (int i = 1; i <= count; i++) {
      String name = in.text();
      if (!known.contains(name) || names.number(name) != i) {
        throw new IllegalArgumentException("a page that leads to " + name);
      }
    }
    return decode(in, self, names, EntryCodec.reading(first), true);
  }

  private static IndexPage decode(
      IndexInput in, String self, ObjectNames objects, EntryCodec codec, boolean hasMore) {
    List<FrameRef> all = new ArrayList<>();
    int own = in.count();
    long offset = own == 0 ? 0 : in.number();
    for (int i = 0; i < own; i++) {
      FrameRef frame = frame(in, self, offset);
      all.add(frame);
      offset = frame.end();
    }
    List<FrameRef> frames = List.copyOf(all);
    int others = in.count();
    for (int i = 0; i < others; i++) {
      String object = objects.name(in.count());
      all.add(frame(in, object, in.number()));
    }
    int count = in.count();
    List<IndexedEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(codec.decode(in, all));
    }
    if (hasMore) {
      in.bytes();
    }
    in.end();
    return new IndexPage(frames, entries);
  }

  private static FrameRef frame(IndexInput in, String object, long offset) {
    return new FrameRef(
        object,
        offset,
        in.count(),
        in.count(),
        in.fixedInt(),
        new FrameHash(in.fixedLong(), in.fixedLong()));
  }
}
