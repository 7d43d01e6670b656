package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.Grants.Grant;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.Kernel32;
import java.nio.file.Path;

/** Access to directories and new volumes, and the number of names of a file. */
public final class FileSecurity {
  /**
   * Full access (FA) for the owner of each file (OW), administrators (BA) and the system (SY). The
   * list inherits nothing (P) and is inherited by everything below (OI, CI). Docker protects its
   * data in the same way.
   */
  private static final String OWNER_AND_ADMINISTRATORS =
      "D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)";

  /** SECURITY_MAX_SID_SIZE. */
  private static final int LONGEST_SID = 68;

  private static final int LONGEST_DOMAIN = 256;

  private final Dlls dlls;

  public FileSecurity(Dlls dlls) {
    this.dlls = dlls;
  }

  public void restrict(Path directory) throws Win32Exception {
    apply(directory.toAbsolutePath().toString(), OWNER_AND_ADMINISTRATORS);
  }

  /** Protects a directory and everything created below it. */
  public void restrict(Path directory, Grants grants) throws Win32Exception {
    apply(directory.toAbsolutePath().toString(), descriptor(grants));
  }

  /** Protects the root directory of a volume. */
  public void restrict(VolumeGuidPath volume, Grants grants) throws Win32Exception {
    apply(volume.path(), descriptor(grants));
  }

  /**
   * Looks up the accounts, so that a misspelt one is detected before anything is created. Returns
   * the descriptor that {@link #restrict} applies, in the security descriptor definition language.
   */
  public String descriptor(Grants grants) throws Win32Exception {
    StringBuilder text = new StringBuilder();
    if (grants.owner().isPresent()) {
      text.append("O:").append(sid(grants.owner().get()));
    }
    text.append(OWNER_AND_ADMINISTRATORS);
    for (Grant grant : grants.all()) {
      text.append("(A;OICI;%s;;;%s)".formatted(grant.right().sddl(), sid(grant.account())));
    }
    return text.toString();
  }

  /** The SID of an account, as text. */
  private String sid(String account) throws Win32Exception {
    if (account.matches("S-1(-\\d+)+")) {
      return account;
    }
    Memory sid = new Memory(LONGEST_SID);
    int found =
        dlls.advapi32()
            .LookupAccountNameW(
                null,
                WideString.of(account),
                sid,
                new IntByReference(LONGEST_SID),
                WideString.allocate(LONGEST_DOMAIN),
                new IntByReference(LONGEST_DOMAIN),
                new IntByReference());
    check("LookupAccountName", account, found);
    var text = new PointerByReference();
    check("ConvertSidToStringSid", account, dlls.advapi32().ConvertSidToStringSidW(sid, text));
    try {
      return WideString.read(text.getValue());
    } finally {
      dlls.kernel32().LocalFree(text.getValue());
    }
  }

  private void apply(String directory, String text) throws Win32Exception {
    Pointer descriptor = descriptor(directory, text);
    try {
      if (text.startsWith("O:")) {
        setOwner(directory, descriptor);
      }
      setAccess(directory, descriptor);
    } finally {
      dlls.kernel32().LocalFree(descriptor);
    }
  }

  private void setOwner(String directory, Pointer descriptor) throws Win32Exception {
    new Privileges(dlls).enable(Privileges.RESTORE);
    var owner = new PointerByReference();
    check(
        "GetSecurityDescriptorOwner",
        directory,
        dlls.advapi32().GetSecurityDescriptorOwner(descriptor, owner, new IntByReference()));
    checkCode(
        directory,
        dlls.advapi32()
            .SetNamedSecurityInfoW(
                WideString.of(WideString.extended(directory)),
                Advapi32.SE_FILE_OBJECT,
                Advapi32.OWNER_SECURITY_INFORMATION,
                owner.getValue(),
                null,
                null,
                null));
  }

  private void setAccess(String directory, Pointer descriptor) throws Win32Exception {
    var dacl = new PointerByReference();
    check(
        "GetSecurityDescriptorDacl",
        directory,
        dlls.advapi32()
            .GetSecurityDescriptorDacl(
                descriptor, new IntByReference(), dacl, new IntByReference()));
    checkCode(
        directory,
        dlls.advapi32()
            .SetNamedSecurityInfoW(
                WideString.of(WideString.extended(directory)),
                Advapi32.SE_FILE_OBJECT,
                Advapi32.DACL_SECURITY_INFORMATION | Advapi32.PROTECTED_DACL_SECURITY_INFORMATION,
                null,
                null,
                dacl.getValue(),
                null));
  }

  private static void checkCode(String directory, int code) throws Win32Exception {
    if (code != Win32Error.SUCCESS) {
      throw new Win32Exception("SetNamedSecurityInfo", directory, code);
    }
  }

  private Pointer descriptor(String target, String text) throws Win32Exception {
    var descriptor = new PointerByReference();
    check(
        "ConvertStringSecurityDescriptor",
        target,
        dlls.advapi32()
            .ConvertStringSecurityDescriptorToSecurityDescriptorW(
                WideString.of(text), Advapi32.SDDL_REVISION_1, descriptor, null));
    return descriptor.getValue();
  }

  /** The number of names (hard links) of a file. */
  public int names(Path file) throws Win32Exception {
    try (Handle handle =
        Handle.open(dlls, WideString.extended(file.toAbsolutePath().toString()), 0)) {
      var information = new Kernel32.BY_HANDLE_FILE_INFORMATION();
      int done = dlls.kernel32().GetFileInformationByHandle(handle.value(), information);
      check("GetFileInformationByHandle", file.toString(), done);
      return information.nNumberOfLinks;
    }
  }

  private void check(String call, String target, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception(call, target, dlls.lastError());
    }
  }
}
