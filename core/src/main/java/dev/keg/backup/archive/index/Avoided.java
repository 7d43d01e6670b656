package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameRef;

/** What lies in earlier archives and must not be referred to, most of all since it is damaged. */
@FunctionalInterface
public interface Avoided {
  Avoided NOTHING = (_, _) -> false;

  /** Whether the frame or index page that begins there is avoided. */
  boolean has(String object, long offset);

  default boolean has(FrameRef frame) {
    return has(frame.object(), frame.offset());
  }

  default boolean has(IndexRoot.Page page) {
    return has(page.object(), page.offset());
  }
}
