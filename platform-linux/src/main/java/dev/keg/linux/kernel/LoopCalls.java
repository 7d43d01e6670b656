package dev.keg.linux.kernel;

import java.io.IOException;
import java.util.SortedMap;

/** The ioctls of loop(4), and what sysfs shows of its devices. */
public interface LoopCalls {
  /** LOOP_CTL_GET_FREE: the number of a device that is free now; others may take it first. */
  int free(Fd control) throws ErrnoException;

  /** LOOP_CONFIGURE: all in one call, so that nobody sees a device half set up. */
  void configure(Fd device, Fd image, LoopSettings settings) throws ErrnoException;

  /** LOOP_SET_CAPACITY: the image has another size now. */
  void updateCapacity(Fd device) throws ErrnoException;

  /** Whether the device goes around the page cache, asked of sysfs. */
  boolean usesDirectIo(int device) throws IOException;

  /** The image of each device that has one, by the device's number; asked of sysfs. */
  SortedMap<Integer, String> images() throws IOException;

  /** LOOP_CLR_FD; at once where nobody uses it, else when the last user is gone. */
  void clear(Fd device) throws ErrnoException;
}
