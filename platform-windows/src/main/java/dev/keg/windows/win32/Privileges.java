package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.Advapi32.TOKEN_PRIVILEGES;

/**
 * The privileges of this process. The token of an administrator holds them, but they must be
 * enabled before use.
 */
public final class Privileges {
  /** Required to attach virtual disks. */
  static final String MANAGE_VOLUME = "SeManageVolumePrivilege";

  /** Lets its holder read every file, whatever its access control list says. */
  public static final String BACKUP = "SeBackupPrivilege";

  /** Required to make somebody else the owner of a file. */
  public static final String RESTORE = "SeRestorePrivilege";

  /** Required to see and to change which accesses to a file are audited. */
  public static final String SECURITY = "SeSecurityPrivilege";

  private final Dlls dlls;

  public Privileges(Dlls dlls) {
    this.dlls = dlls;
  }

  /**
   * Enables an optional privilege, without which only the user's own rights apply. Returns false if
   * this user does not hold it.
   */
  public boolean enableIfHeld(String privilege) throws Win32Exception {
    try {
      enable(privilege);
      return true;
    } catch (Win32Exception e) {
      if (e.code() != Win32Error.PRIVILEGE_NOT_HELD) {
        throw e;
      }
      return false;
    }
  }

  /** Enables a privilege until this process ends. */
  void enable(String privilege) throws Win32Exception {
    Advapi32 advapi32 = dlls.advapi32();
    var token = new PointerByReference();
    check(
        privilege,
        advapi32.OpenProcessToken(
            dlls.kernel32().GetCurrentProcess(),
            Advapi32.TOKEN_ADJUST_PRIVILEGES | Advapi32.TOKEN_QUERY,
            token));
    try {
      enable(advapi32, token.getValue(), privilege);
    } finally {
      dlls.kernel32().CloseHandle(token.getValue());
    }
  }

  private void enable(Advapi32 advapi32, Pointer token, String privilege) throws Win32Exception {
    var number = new LongByReference();
    check(privilege, advapi32.LookupPrivilegeValueW(null, WideString.of(privilege), number));
    var wanted = new TOKEN_PRIVILEGES();
    wanted.PrivilegeCount = 1;
    wanted.LowPart = (int) number.getValue();
    wanted.HighPart = (int) (number.getValue() >>> 32);
    wanted.Attributes = Advapi32.SE_PRIVILEGE_ENABLED;
    check(privilege, advapi32.AdjustTokenPrivileges(token, 0, wanted, 0, null, null));
    if (dlls.lastError() == Win32Error.NOT_ALL_ASSIGNED) {
      throw new Win32Exception("enable", privilege, Win32Error.PRIVILEGE_NOT_HELD);
    }
  }

  private void check(String privilege, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception("enable", privilege, dlls.lastError());
    }
  }
}
