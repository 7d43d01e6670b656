package dev.keg.windows.win32;

import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.Kernel32;
import java.nio.file.Path;

/** The access control of files and directories, and the number of their names. */
public final class FileSecurity {
  /**
   * Full access (FA) for the owner of each file (OW), administrators (BA) and the system (SY). The
   * list inherits nothing (P) and is inherited by everything below (OI, CI). Docker protects its
   * data in the same way.
   */
  private static final String OWNER_AND_ADMINISTRATORS =
      "D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)";

  private final Dlls dlls;

  public FileSecurity(Dlls dlls) {
    this.dlls = dlls;
  }

  public void restrict(Path directory) throws Win32Exception {
    restrict(directory.toAbsolutePath().toString());
  }

  /** Protects the root directory of a volume. */
  public void restrict(VolumeId volume) throws Win32Exception {
    restrict(volume.path());
  }

  private void restrict(String directory) throws Win32Exception {
    Advapi32 advapi32 = dlls.advapi32();
    var descriptor = new PointerByReference();
    check(
        "ConvertStringSecurityDescriptor",
        directory,
        advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            Wide.of(OWNER_AND_ADMINISTRATORS), Advapi32.SDDL_REVISION_1, descriptor, null));
    try {
      var dacl = new PointerByReference();
      check(
          "GetSecurityDescriptorDacl",
          directory,
          advapi32.GetSecurityDescriptorDacl(
              descriptor.getValue(), new IntByReference(), dacl, new IntByReference()));
      int code =
          advapi32.SetNamedSecurityInfoW(
              Wide.of(directory),
              Advapi32.SE_FILE_OBJECT,
              Advapi32.DACL_SECURITY_INFORMATION | Advapi32.PROTECTED_DACL_SECURITY_INFORMATION,
              null,
              null,
              dacl.getValue(),
              null);
      if (code != Win32Error.SUCCESS) {
        throw new Win32Exception("SetNamedSecurityInfo", directory, code);
      }
    } finally {
      dlls.kernel32().LocalFree(descriptor.getValue());
    }
  }

  /** The number of names (hard links) of a file. */
  public int names(Path file) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, file.toAbsolutePath().toString(), 0)) {
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
