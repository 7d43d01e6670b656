package dev.keg.windows.win32;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/** {@code advapi32.dll}: access control, from {@code sddl.h}, {@code aclapi.h}. */
public interface Advapi32 extends Library {
  int SDDL_REVISION_1 = 1;
  int SE_FILE_OBJECT = 1;
  int DACL_SECURITY_INFORMATION = 4;
  int PROTECTED_DACL_SECURITY_INFORMATION = 0x80000000;

  /** Sets the last error; the result is freed with {@link Kernel32#LocalFree}. */
  int ConvertStringSecurityDescriptorToSecurityDescriptorW(
      Pointer text, int revision, PointerByReference descriptor, @Nullable IntByReference size);

  /** Sets the last error. */
  int GetSecurityDescriptorDacl(
      Pointer descriptor,
      IntByReference present,
      PointerByReference dacl,
      IntByReference defaulted);

  /** Returns its error code. */
  int SetNamedSecurityInfoW(
      Pointer objectName,
      int objectType,
      int securityInformation,
      @Nullable Pointer owner,
      @Nullable Pointer group,
      Pointer dacl,
      @Nullable Pointer sacl);
}
