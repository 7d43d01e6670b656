package dev.keg.windows.win32;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * {@code fmifs.dll}: formatting. It is in no header of the SDK, and unchanged since Windows NT 4;
 * {@code format.com} and the disk management are its users.
 */
public interface Fmifs extends Library {
  int FMIFS_HARDDISK = 0xC;

  int FCC_INSUFFICIENT_RIGHTS = 6;
  int FCC_DONE = 0xB;

  void FormatEx(
      Pointer driveRoot,
      int mediaFlag,
      Pointer format,
      Pointer label,
      byte quickFormat,
      int clusterSize,
      FormatCallback callback);

  /** Called along the way; returns 1 to go on. {@link #FCC_DONE} points to whether it worked. */
  interface FormatCallback extends Callback {
    byte callback(int command, int modifier, Pointer argument);
  }
}
