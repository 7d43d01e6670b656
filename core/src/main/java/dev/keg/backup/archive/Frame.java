package dev.keg.backup.archive;

import org.jspecify.annotations.Nullable;

/**
 * A frame on its way into the archive. What refers to it is known before the place where it will
 * lie; the writing thread sets the place, and reads it when it comes to the page behind.
 */
final class Frame {
  private @Nullable FrameRef place;

  Frame() {}

  /** A frame that an earlier archive holds. */
  Frame(FrameRef place) {
    this.place = place;
  }

  void place(FrameRef where) {
    place = where;
  }

  FrameRef place() {
    if (place == null) {
      throw new IllegalStateException("a page before its frames");
    }
    return place;
  }
}
