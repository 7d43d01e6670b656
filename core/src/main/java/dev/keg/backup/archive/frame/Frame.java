package dev.keg.backup.archive.frame;

import org.jspecify.annotations.Nullable;

/**
 * A frame on its way into the archive. What refers to it is known before the place where it will
 * lie; the writing thread sets the place, and reads it when it comes to the page behind.
 */
public final class Frame {
  private @Nullable FrameRef place;

  public Frame() {}

  /** A frame that an earlier archive holds. */
  public Frame(FrameRef place) {
    this.place = place;
  }

  public void place(FrameRef where) {
    place = where;
  }

  public FrameRef place() {
    if (place == null) {
      throw new IllegalStateException("a page before its frames");
    }
    return place;
  }
}
