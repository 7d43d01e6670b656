package dev.keg.windows.win32;

/** The libraries of Windows that the seam calls, each loaded when it is first asked for. */
public interface Dlls {
  VirtDisk virtDisk() throws Win32Exception;

  Kernel32 kernel32() throws Win32Exception;

  Fmifs fmifs() throws Win32Exception;

  Netapi32 netapi32() throws Win32Exception;

  ComputeCore computeCore() throws Win32Exception;

  Advapi32 advapi32() throws Win32Exception;

  /** What the last call of this thread left; only of functions that are said to set it. */
  int lastError();
}
