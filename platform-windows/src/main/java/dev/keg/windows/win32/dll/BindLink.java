package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * {@code bindlink.dll}, from {@code bindlink.h}: since Windows 11 24H2 and Windows Server 2025. The
 * functions return HRESULTs. A link lasts until it is removed or Windows shuts down.
 */
public interface BindLink extends Library {
  int CREATE_BIND_LINK_FLAG_READ_ONLY = 1;

  /** The virtual path need not exist, but its parent must. */
  int CreateBindLink(
      Pointer virtualPath,
      Pointer backingPath,
      int createBindLinkFlags,
      int exceptionCount,
      @Nullable Pointer exceptionPaths);

  int RemoveBindLink(Pointer virtualPath);
}
