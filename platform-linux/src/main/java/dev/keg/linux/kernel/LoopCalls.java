package dev.keg.linux.kernel;

/** The ioctls of loop(4). */
public interface LoopCalls {
  /** LOOP_CTL_GET_FREE: the number of a device that is free now; others may take it first. */
  int free(Fd control) throws ErrnoException;

  /** LOOP_CONFIGURE: all in one call, so that nobody sees a device half set up. */
  void configure(Fd device, Fd image, LoopSettings settings) throws ErrnoException;

  /** LOOP_SET_CAPACITY: the image has another size now. */
  void updateCapacity(Fd device) throws ErrnoException;

  /** LOOP_CLR_FD; at once where nobody uses it, else when the last user is gone. */
  void clear(Fd device) throws ErrnoException;
}
