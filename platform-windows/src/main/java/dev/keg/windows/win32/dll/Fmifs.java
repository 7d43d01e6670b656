package dev.keg.windows.win32.dll;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * {@code fmifs.dll}: formatting. No header of the SDK declares it, but it is unchanged since
 * Windows NT 4; {@code format.com} and Disk Management use it.
 */
public interface Fmifs extends Library {
  int FMIFS_HARDDISK = 0xC;

  int FCC_INCOMPATIBLE_FILE_SYSTEM = 3;
  int FCC_INCOMPATIBLE_MEDIA = 5;
  int FCC_ACCESS_DENIED = 6;
  int FCC_MEDIA_WRITE_PROTECTED = 7;
  int FCC_CANNOT_LOCK = 8;
  int FCC_CANNOT_QUICK_FORMAT = 9;
  int FCC_IO_ERROR = 0xA;
  int FCC_DONE = 0xB;
  int FCC_BAD_LABEL = 0xC;
  int FCC_CLUSTER_SIZE_TOO_SMALL = 0x10;
  int FCC_CLUSTER_SIZE_TOO_BIG = 0x11;
  int FCC_VOLUME_TOO_SMALL = 0x12;
  int FCC_VOLUME_TOO_BIG = 0x13;

  void FormatEx(
      Pointer driveRoot,
      int mediaFlag,
      Pointer format,
      Pointer label,
      byte quickFormat,
      int clusterSize,
      FormatCallback callback);

  /**
   * Reports progress; returns 1 to continue. The argument of {@link #FCC_DONE} points to whether
   * the format succeeded.
   */
  interface FormatCallback extends Callback {
    byte callback(int command, int modifier, Pointer argument);
  }
}
