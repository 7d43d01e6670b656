package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry.Run;
import dev.keg.backup.archive.index.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way into the archive. References to it exist before its position is known; the
 * writing thread sets the position, and reads it when it reaches the following page.
 */
final class Frame {
  private @Nullable FrameRef place;
  private @Nullable Composition composition;
  private boolean given;

  /** Slices that replace the frame, and the hash of their content. */
  private record Composition(List<Slice> slices, FrameHash hash) {}

  Frame() {}

  /** A frame in an earlier archive. */
  Frame(FrameRef place) {
    this.place = place;
    given = true;
  }

  /** A frame whose content is in several places of earlier archives. */
  Frame(List<Slice> slices, FrameHash hash) {
    compose(slices, hash);
    given = true;
  }

  /** Marks it as full and submitted. */
  void give() {
    given = true;
  }

  /** Whether nothing more is added to it; called by the thread that fills frames. */
  boolean isGiven() {
    return given;
  }

  void place(FrameRef where) {
    place = where;
  }

  /**
   * Records that its content is in several places; the first of them that is new counts as its own.
   */
  void compose(List<Slice> slices, FrameHash hash) {
    composition = new Composition(List.copyOf(slices), hash);
    if (place == null) {
      place = slices.getFirst().frame();
    }
  }

  /** Records that its object has ended, and the name under which the next one refers to it. */
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

  /** Appends the location of a part of it; only whole frames are composed. */
  void addTo(List<Slice> slices, List<Run> runs, int offset, int length) {
    if (composition == null) {
      slices.add(new Slice(place(), offset, length));
    } else {
      runs.add(new Run(slices.size(), composition.slices().size(), composition.hash()));
      slices.addAll(composition.slices());
    }
  }
}
