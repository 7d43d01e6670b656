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
 * A run of entries, in the order of a walk, and the frames that were written for them: these lie
 * one behind the other in the archive itself. After them come the frames elsewhere that entries
 * refer to.
 *
 * <pre>
 * objects:    since version 2: count, then names of the archives that the other frames are in
 * own frames: count, offset of the first, then for each: stored, length, crc, hash
 * others:     count, then for each: object, offset, stored, length, crc, hash
 * entries:    count, then each as {@link EntryCodec} has it
 * more:       since version 2: bytes that writers may use and readers pass over; none as yet
 * </pre>
 *
 * <p>In a page of version 1 the objects are those of the root. One of version 2 stands for itself,
 * so that later archives can refer to it: its object 0 is the archive that it lies in.
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

  /** The deepest directory that all of the entries are below, or the root. */
  public static TreePath base(List<IndexedEntry> entries) {
    TreePath base = entries.isEmpty() ? TreePath.ROOT : entries.getFirst().entry().path().parent();
    for (IndexedEntry entry : entries) {
      while (!entry.entry().path().isWithin(base)) {
        base = base.parent();
      }
    }
    return base;
  }

  /** Whether these are its entries, perhaps in a directory of another name. */
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

  /** A page of frames alone, at the end of an archive, counts as the root's. */
  public TreePath firstPath() {
    return entries.isEmpty() ? TreePath.ROOT : entries.getFirst().entry().path();
  }

  /** Its frames that hold headers of tar's alone, or its end. */
  public Set<FrameRef> withoutContent() {
    Set<FrameRef> rest = new LinkedHashSet<>(frames);
    for (IndexedEntry entry : entries) {
      entry.slices().forEach(slice -> rest.remove(slice.frame()));
    }
    return rest;
  }

  /** The archives that its entries' frames are in; no name means the one it lies in. */
  public Set<String> objects() {
    Set<String> objects = new LinkedHashSet<>();
    for (IndexedEntry entry : entries) {
      entry.slices().forEach(slice -> objects.add(slice.frame().object()));
    }
    objects.remove("");
    return objects;
  }

  /** A page of version 1: the root will have the objects. */
  public byte[] encode(ObjectNames objects) {
    return encode(Footer.FIRST, new IndexBytes(), objects);
  }

  /** A page of version 2. */
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

  /** A page of version 1. */
  public static IndexPage decode(byte[] bytes, String self, ObjectNames objects) {
    return decode(new IndexInput(bytes), self, objects, EntryCodec.absolute(), false);
  }

  /**
   * A page of version 2.
   *
   * @param self the archive that it lies in
   * @param known those that its reader's record speaks of, so that no page leads anywhere else
   * @param first the path that its first entry has in the tree that is read
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
