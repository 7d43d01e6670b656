package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/** {@code advapi32.dll}: access control, from {@code sddl.h}, {@code aclapi.h}. */
public interface Advapi32 extends Library {
  int SDDL_REVISION_1 = 1;
  int SE_FILE_OBJECT = 1;
  int OWNER_SECURITY_INFORMATION = 1;
  int GROUP_SECURITY_INFORMATION = 2;
  int DACL_SECURITY_INFORMATION = 4;
  int SACL_SECURITY_INFORMATION = 8;
  int PROTECTED_DACL_SECURITY_INFORMATION = 0x80000000;

  /** Sets the last error; the result is freed with {@link Kernel32#LocalFree}. */
  int ConvertStringSecurityDescriptorToSecurityDescriptorW(
      Pointer text, int revision, PointerByReference descriptor, @Nullable IntByReference size);

  /** Sets the last error; the result is freed with {@link Kernel32#LocalFree}. */
  int ConvertSecurityDescriptorToStringSecurityDescriptorW(
      Pointer descriptor,
      int revision,
      int securityInformation,
      PointerByReference text,
      @Nullable IntByReference length);

  /** Returns its error code; the descriptor is freed with {@link Kernel32#LocalFree}. */
  int GetSecurityInfo(
      Pointer handle,
      int objectType,
      int securityInformation,
      @Nullable Pointer owner,
      @Nullable Pointer group,
      @Nullable Pointer dacl,
      @Nullable Pointer sacl,
      PointerByReference descriptor);

  /** Sets the last error. Sets only this descriptor, and passes nothing on to files below. */
  int SetKernelObjectSecurity(Pointer handle, int securityInformation, Pointer descriptor);

  /** Sets the last error. */
  int GetSecurityDescriptorDacl(
      Pointer descriptor,
      IntByReference present,
      PointerByReference dacl,
      IntByReference defaulted);

  /** Sets the last error. */
  int GetSecurityDescriptorOwner(
      Pointer descriptor, PointerByReference owner, IntByReference defaulted);

  /** Sets the last error. */
  int LookupAccountNameW(
      @Nullable Pointer systemName,
      Pointer accountName,
      Pointer sid,
      IntByReference sidBytes,
      Pointer referencedDomain,
      IntByReference domainCharacters,
      IntByReference use);

  /** Sets the last error; the result is freed with {@link Kernel32#LocalFree}. */
  int ConvertSidToStringSidW(Pointer sid, PointerByReference text);

  int TOKEN_ADJUST_PRIVILEGES = 0x20;
  int TOKEN_QUERY = 8;
  int SE_PRIVILEGE_ENABLED = 2;

  /** Sets the last error; the token is closed with {@link Kernel32#CloseHandle}. */
  int OpenProcessToken(Pointer process, int desiredAccess, PointerByReference token);

  /** Sets the last error. */
  int LookupPrivilegeValueW(@Nullable Pointer systemName, Pointer name, LongByReference luid);

  /** Sets the last error even on success, if the token does not hold the privilege. */
  int AdjustTokenPrivileges(
      Pointer token,
      int disableAllPrivileges,
      TOKEN_PRIVILEGES newState,
      int bufferLength,
      @Nullable Pointer previousState,
      @Nullable IntByReference returnLength);

  /**
   * A list with one privilege: the count, the privilege's number in two halves, and its attributes.
   */
  @FieldOrder({"PrivilegeCount", "LowPart", "HighPart", "Attributes"})
  class TOKEN_PRIVILEGES extends Structure {
    public int PrivilegeCount;
    public int LowPart;
    public int HighPart;
    public int Attributes;
  }

  /** Returns its error code. */
  int SetNamedSecurityInfoW(
      Pointer objectName,
      int objectType,
      int securityInformation,
      @Nullable Pointer owner,
      @Nullable Pointer group,
      @Nullable Pointer dacl,
      @Nullable Pointer sacl);
}
