package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry.Run;
import dev.keg.backup.archive.index.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way into the archive. What refers to it is known before the place where it will
 * lie; the writing thread sets the place, and reads it when it comes to the page behind.
 */
final class Frame {
  private @Nullable FrameRef place;
  private @Nullable Composition composition;
  private boolean given;

  /** Slices that have the content of the frame in its stead, and the hash of that content. */
  private record Composition(List<Slice> slices, FrameHash hash) {}

  Frame() {}

  /** A frame that an earlier archive holds. */
  Frame(FrameRef place) {
    this.place = place;
    given = true;
  }

  /** One whose content earlier archives hold in several places. */
  Frame(List<Slice> slices, FrameHash hash) {
    compose(slices, hash);
    given = true;
  }

  /** It is full, and on its way. */
  void give() {
    given = true;
  }

  /** Whether nothing is added to it any more; asked by the thread that fills frames. */
  boolean isGiven() {
    return given;
  }

  void place(FrameRef where) {
    place = where;
  }

  /** Its content lies in several places; the first of them that is new, if any, counts as its. */
  void compose(List<Slice> slices, FrameHash hash) {
    composition = new Composition(List.copyOf(slices), hash);
    if (place == null) {
      place = slices.getFirst().frame();
    }
  }

  /** The object that it was written to has ended, and has this name in the next one. */
  void settle(String object) {
    if (place != null) {
      place = settled(place, object);
    }
    if (composition != null) {
      List<Slice> slices =
          composition.slices().stream()
              .map(s -> new Slice(settled(s.frame(), object), s.offset(), s.length()))
              .toList();
      composition = new Composition(slices, composition.hash());
    }
  }

  private static FrameRef settled(FrameRef frame, String object) {
    return frame.object().isEmpty() ? frame.in(object) : frame;
  }

  FrameRef place() {
    if (place == null) {
      throw new IllegalStateException("a page before its frames");
    }
    return place;
  }

  /** Appends where a part of it lies; only whole frames are composed. */
  void addTo(List<Slice> slices, List<Run> runs, int offset, int length) {
    if (composition == null) {
      slices.add(new Slice(place(), offset, length));
    } else {
      runs.add(new Run(slices.size(), composition.slices().size(), composition.hash()));
      slices.addAll(composition.slices());
    }
  }
}
