package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexRoot.ObjectNames;
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
 * own frames: count, offset of the first, then for each: stored, length, crc, hash
 * others:     count, then for each: object, offset, stored, length, crc, hash
 * entries:    count, then each as {@link EntryCodec} has it
 * </pre>
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

  public byte[] encode(ObjectNames objects) {
    IndexBytes out = new IndexBytes();
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
    EntryCodec codec = new EntryCodec();
    for (IndexedEntry entry : entries) {
      codec.encode(out, entry, places);
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

  public static IndexPage decode(byte[] bytes, String self, ObjectNames objects) {
    IndexInput in = new IndexInput(bytes);
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
    EntryCodec codec = new EntryCodec();
    for (int i = 0; i < count; i++) {
      entries.add(codec.decode(in, all));
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
