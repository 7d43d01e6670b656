package dev.keg.linux.kernel;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** The ioctls of loop(4), and its devices in sysfs. */
public interface LoopCalls {
  /** LOOP_CTL_GET_FREE: the number of a free device; another process may take it first. */
  int free(Fd control) throws ErrnoException;

  /** LOOP_CONFIGURE: configures the device in one call, so that nobody sees it half configured. */
  void configure(Fd device, Fd image, LoopSettings settings) throws ErrnoException;

  /** LOOP_SET_CAPACITY: adapts the device to a new size of the image. */
  void updateCapacity(Fd device) throws ErrnoException;

  /** Whether the device bypasses the page cache, from sysfs. */
  boolean usesDirectIo(int device) throws IOException;

  /** The image of each configured device, by the device's number; from sysfs. */
  SortedMap<Integer, String> images() throws IOException;

  /**
   * The names of the mappings built on the device: device-mapper's own names for its mappings, the
   * kernel's device names for others; from sysfs.
   */
  List<String> mappings(int device) throws IOException;

  /** LOOP_CLR_FD: frees the device after its last use. */
  void clear(Fd device) throws ErrnoException;
}
