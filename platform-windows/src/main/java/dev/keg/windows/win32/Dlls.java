package dev.keg.windows.win32;

import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.BindLink;
import dev.keg.windows.win32.dll.ComputeCore;
import dev.keg.windows.win32.dll.Fmifs;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Netapi32;
import dev.keg.windows.win32.dll.NtDll;
import dev.keg.windows.win32.dll.VirtDisk;

/** The Windows libraries and programs that the seam calls. Each is loaded on first use. */
public interface Dlls {
  /** The programs that are part of Windows. */
  interface Tools {
    /**
     * Runs a program to its end and returns its exit status. Its output is localized text for
     * people, and is discarded.
     */
    int run(String program, String... arguments) throws Win32Exception;
  }

  VirtDisk virtDisk() throws Win32Exception;

  /** Fails if this version of Windows lacks the library. */
  BindLink bindLink() throws Win32Exception;

  Kernel32 kernel32() throws Win32Exception;

  Fmifs fmifs() throws Win32Exception;

  Netapi32 netapi32() throws Win32Exception;

  ComputeCore computeCore() throws Win32Exception;

  Advapi32 advapi32() throws Win32Exception;

  NtDll ntDll() throws Win32Exception;

  Wmi wmi() throws Win32Exception;

  Tools tools();

  /**
   * The error of this thread's last call. Only valid after functions that are documented to set it.
   */
  int lastError();
}
