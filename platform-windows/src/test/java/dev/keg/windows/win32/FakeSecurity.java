package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.Advapi32;
import org.jspecify.annotations.Nullable;

/** Access control: a descriptor is the memory of its text. See {@link FakeWindows}. */
final class FakeSecurity implements Advapi32 {
  private final FakeWindows windows;

  FakeSecurity(FakeWindows windows) {
    this.windows = windows;
  }

  @Override
  public int ConvertStringSecurityDescriptorToSecurityDescriptorW(
      Pointer text, int revision, PointerByReference descriptor, @Nullable IntByReference size) {
    if (windows.fails("ConvertStringSecurityDescriptor " + Wide.read(text))) {
      return 0;
    }
    descriptor.setValue(windows.open(Wide.read(text)));
    return 1;
  }

  @Override
  public int GetSecurityDescriptorDacl(
      Pointer descriptor,
      IntByReference present,
      PointerByReference dacl,
      IntByReference defaulted) {
    dacl.setValue(descriptor);
    return 1;
  }

  @Override
  public int OpenProcessToken(Pointer process, int desiredAccess, PointerByReference token) {
    token.setValue(windows.open("token"));
    return desiredAccess == (TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY) ? 1 : 0;
  }

  /** The number of a privilege is the length of its name. */
  @Override
  public int LookupPrivilegeValueW(
      @Nullable Pointer systemName, Pointer name, LongByReference luid) {
    String privilege = Wide.read(name);
    luid.setValue(privilege.length());
    return windows.fails("LookupPrivilegeValue " + privilege) ? 0 : 1;
  }

  @Override
  public int AdjustTokenPrivileges(
      Pointer token,
      int disableAllPrivileges,
      TOKEN_PRIVILEGES newState,
      int bufferLength,
      @Nullable Pointer previousState,
      @Nullable IntByReference returnLength) {
    windows.mayManageVolumes =
        windows.elevated
            && newState.LowPart == Privileges.MANAGE_VOLUME.length()
            && newState.Attributes == SE_PRIVILEGE_ENABLED;
    int _ = windows.failed(windows.elevated ? Win32Error.SUCCESS : Win32Error.NOT_ALL_ASSIGNED);
    return 1;
  }

  @Override
  public int SetNamedSecurityInfoW(
      Pointer objectName,
      int objectType,
      int securityInformation,
      @Nullable Pointer owner,
      @Nullable Pointer group,
      Pointer dacl,
      @Nullable Pointer sacl) {
    String what = windows.handle(dacl, String.class).orElse("?");
    if (windows.fails("SetNamedSecurityInfo " + Wide.read(objectName) + " " + what)) {
      return FakeWindows.IO_DEVICE;
    }
    return securityInformation == (DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION)
        ? Win32Error.SUCCESS
        : Win32Error.INVALID_PARAMETER;
  }
}
