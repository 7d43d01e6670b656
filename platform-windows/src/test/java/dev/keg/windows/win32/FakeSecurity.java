package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.Advapi32;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Access control: a descriptor is the memory of its text. See {@link FakeWindows}. */
final class FakeSecurity implements Advapi32 {
  private final FakeWindows windows;

  /** Protected from the garbage collector. */
  private final List<Memory> texts = new ArrayList<>();

  private boolean mayRestore;

  FakeSecurity(FakeWindows windows) {
    this.windows = windows;
  }

  @Override
  public int ConvertStringSecurityDescriptorToSecurityDescriptorW(
      Pointer text, int revision, PointerByReference descriptor, @Nullable IntByReference size) {
    if (windows.fails("ConvertStringSecurityDescriptor " + WideString.read(text))) {
      return 0;
    }
    descriptor.setValue(windows.open(WideString.read(text)));
    return 1;
  }

  @Override
  public int ConvertSecurityDescriptorToStringSecurityDescriptorW(
      Pointer descriptor,
      int revision,
      int securityInformation,
      PointerByReference text,
      @Nullable IntByReference length) {
    texts.add(WideString.of(windows.handle(descriptor, String.class).orElse("?")));
    text.setValue(texts.getLast());
    return windows.fails("ConvertSecurityDescriptorToString") || (securityInformation & 7) != 7
        ? 0
        : 1;
  }

  @Override
  public int GetSecurityInfo(
      Pointer handle,
      int objectType,
      int securityInformation,
      @Nullable Pointer owner,
      @Nullable Pointer group,
      @Nullable Pointer dacl,
      @Nullable Pointer sacl,
      PointerByReference descriptor) {
    Path file = windows.handle(handle, Path.class).orElseThrow();
    boolean audits = (securityInformation & SACL_SECURITY_INFORMATION) != 0;
    if (windows.fails("GetSecurityInfo " + file.getFileName()) || (audits && !windows.mayAudit)) {
      return FakeWindows.IO_DEVICE;
    }
    String text = windows.files.descriptor(file);
    descriptor.setValue(windows.open(audits ? text : withoutAudits(text)));
    return Win32Error.SUCCESS;
  }

  private static String withoutAudits(String text) {
    return text.replaceFirst("S:[^-].*", "");
  }

  /** A list stays marked as inherited (AI) only on request (AR). */
  @Override
  public int SetKernelObjectSecurity(Pointer handle, int securityInformation, Pointer descriptor) {
    Path file = windows.handle(handle, Path.class).orElseThrow();
    String text = windows.handle(descriptor, String.class).orElseThrow();
    if (windows.fails("SetKernelObjectSecurity " + file.getFileName() + " " + text)) {
      return 0;
    }
    String stored = text.contains("ARAI") ? text.replace("ARAI", "AI") : text.replace("AI", "");
    if ((securityInformation & SACL_SECURITY_INFORMATION) == 0) {
      stored = withoutAudits(stored);
    } else if (!windows.mayAudit) {
      return windows.failed(Win32Error.PRIVILEGE_NOT_HELD);
    }
    if ((securityInformation & OWNER_SECURITY_INFORMATION) == 0) {
      stored = FakeFiles.INHERITED.replaceFirst("D:.*", "") + stored.replaceFirst(".*D:", "D:");
    } else if (!mayRestore) {
      return windows.failed(Win32Error.INVALID_OWNER);
    }
    windows.files.describe(file, stored);
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
  public int GetSecurityDescriptorOwner(
      Pointer descriptor, PointerByReference owner, IntByReference defaulted) {
    owner.setValue(descriptor);
    return 1;
  }

  /** Every account exists except {@code nobody}; its number is the length of its name. */
  @Override
  public int LookupAccountNameW(
      @Nullable Pointer systemName,
      Pointer accountName,
      Pointer sid,
      IntByReference sidBytes,
      Pointer referencedDomain,
      IntByReference domainCharacters,
      IntByReference use) {
    String name = WideString.read(accountName);
    if (windows.fails("LookupAccountName " + name)) {
      return 0;
    }
    if (windows.unknownAccounts.contains(name) || sidBytes.getValue() < 68) {
      return windows.failed(Win32Error.NONE_MAPPED);
    }
    byte[] text = ("S-1-5-21-" + name.length() + "\0").getBytes(StandardCharsets.UTF_16LE);
    sid.write(0, text, 0, text.length);
    return 1;
  }

  @Override
  public int ConvertSidToStringSidW(Pointer sid, PointerByReference text) {
    texts.add(WideString.of(WideString.read(sid)));
    text.setValue(texts.getLast());
    return windows.fails("ConvertSidToStringSid") ? 0 : 1;
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
    String privilege = WideString.read(name);
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
    boolean enabled = windows.elevated && newState.Attributes == SE_PRIVILEGE_ENABLED;
    if (newState.LowPart == Privileges.MANAGE_VOLUME.length()) {
      windows.mayManageVolumes = enabled;
    } else if (newState.LowPart == Privileges.RESTORE.length()) {
      mayRestore = enabled;
    } else if (newState.LowPart == Privileges.SECURITY.length()) {
      windows.mayAudit = enabled;
    }
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
      @Nullable Pointer dacl,
      @Nullable Pointer sacl) {
    boolean owns = securityInformation == OWNER_SECURITY_INFORMATION;
    Pointer descriptor = Objects.requireNonNull(owns ? owner : dacl);
    String what = windows.handle(descriptor, String.class).orElse("?");
    String call = owns ? "SetOwner " : "SetNamedSecurityInfo ";
    if (windows.fails(call + WideString.read(objectName) + " " + what)) {
      return FakeWindows.IO_DEVICE;
    }
    if (owns) {
      return mayRestore ? Win32Error.SUCCESS : Win32Error.PRIVILEGE_NOT_HELD;
    }
    return securityInformation == (DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION)
        ? Win32Error.SUCCESS
        : Win32Error.INVALID_PARAMETER;
  }
}
