package dev.keg.windows.win32.system;

import com.sun.jna.Library;
import com.sun.jna.Native;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Wmi;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.BindLink;
import dev.keg.windows.win32.dll.ComputeCore;
import dev.keg.windows.win32.dll.Fmifs;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Netapi32;
import dev.keg.windows.win32.dll.NtDll;
import dev.keg.windows.win32.dll.Ole32;
import dev.keg.windows.win32.dll.OleAut32;
import dev.keg.windows.win32.dll.VirtDisk;
import java.util.HashMap;
import java.util.Map;

/** The libraries of this Windows. */
public final class SystemDlls implements Dlls {
  private final Map<Class<?>, Library> loaded = new HashMap<>();

  @Override
  public VirtDisk virtDisk() throws Win32Exception {
    return load("virtdisk", VirtDisk.class);
  }

  @Override
  public BindLink bindLink() throws Win32Exception {
    return load("bindlink", BindLink.class);
  }

  @Override
  public Kernel32 kernel32() throws Win32Exception {
    return load("kernel32", Kernel32.class);
  }

  @Override
  public Fmifs fmifs() throws Win32Exception {
    return load("fmifs", Fmifs.class);
  }

  @Override
  public Netapi32 netapi32() throws Win32Exception {
    return load("netapi32", Netapi32.class);
  }

  @Override
  public ComputeCore computeCore() throws Win32Exception {
    return load("computecore", ComputeCore.class);
  }

  @Override
  public Advapi32 advapi32() throws Win32Exception {
    return load("advapi32", Advapi32.class);
  }

  @Override
  public NtDll ntDll() throws Win32Exception {
    return load("ntdll", NtDll.class);
  }

  @Override
  public Wmi wmi() throws Win32Exception {
    return new ComWmi(load("ole32", Ole32.class), load("oleaut32", OleAut32.class));
  }

  @Override
  public Tools tools() {
    return new SystemTools();
  }

  @Override
  public int lastError() {
    return Native.getLastError();
  }

  private synchronized <T extends Library> T load(String name, Class<T> type)
      throws Win32Exception {
    Library library = loaded.get(type);
    if (library == null) {
      try {
        library = Native.load(name, type);
      } catch (UnsatisfiedLinkError e) {
        throw (Win32Exception)
            new Win32Exception("LoadLibrary", name + ".dll", Win32Error.MOD_NOT_FOUND).initCause(e);
      }
      loaded.put(type, library);
    }
    return type.cast(library);
  }
}
