package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Encodes where the content of an index page's files is stored, and its hashes.
 *
 * <pre>
 * slices  count, then for each: frame (difference to the slice before), offset, length
 * hash    since version 2, if flagged: of the content, 16 bytes
 * runs    since version 2, if flagged: count, then for each: slices since the run before, count of
 *         slices, hash of their content, 16 bytes
 * </pre>
 */
final class ContentCodec {
  private int lastFrame;

  void putSlices(IndexBytes out, List<Slice> slices, Map<FrameRef, Integer> places) {
    out.number(slices.size());
    for (Slice slice : slices) {
      int frame = places.getOrDefault(slice.frame(), 0);
      out.signed(frame - lastFrame).number(slice.offset()).number(slice.length());
      lastFrame = frame;
    }
  }

  List<Slice> slices(IndexInput in, List<FrameRef> frames) {
    int count = in.count();
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long frame = lastFrame + in.signed();
      if (frame < 0 || frame >= frames.size()) {
        throw new IllegalArgumentException("a frame that does not exist");
      }
      lastFrame = (int) frame;
      slices.add(new Slice(frames.get(lastFrame), in.count(), in.count()));
    }
    return slices;
  }

  static void putHash(IndexBytes out, FrameHash hash) {
    out.fixed(hash.high()).fixed(hash.low());
  }

  static FrameHash hash(IndexInput in) {
    return new FrameHash(in.fixedLong(), in.fixedLong());
  }

  static void putRuns(IndexBytes out, List<Run> runs) {
    out.number(runs.size());
    int end = 0;
    for (Run run : runs) {
      out.number(run.first() - end).number(run.count());
      putHash(out, run.hash());
      end = run.end();
    }
  }

  static List<Run> runs(IndexInput in) {
    int count = in.count();
    List<Run> runs = new ArrayList<>();
    int end = 0;
    for (int i = 0; i < count; i++) {
      int first = Math.addExact(end, in.count());
      Run run = new Run(first, in.count(), hash(in));
      runs.add(run);
      end = run.end();
    }
    return runs;
  }
}
