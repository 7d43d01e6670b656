package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameRef;

/** Parts of earlier archives that must not be referred to, mainly because they are damaged. */
@FunctionalInterface
public interface Avoided {
  Avoided NOTHING = (_, _) -> false;

  /** Whether to avoid the frame or index page at this offset. */
  boolean has(String object, long offset);

  default boolean has(FrameRef frame) {
    return has(frame.object(), frame.offset());
  }

  default boolean has(IndexRoot.Page page) {
    return has(page.object(), page.offset());
  }
}
