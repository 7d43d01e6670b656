package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.Grants.Grant;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.Kernel32;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The access control of files and directories, and the number of their names. */
public final class FileSecurity {
  /**
   * Full access (FA) for the owner of each file (OW), administrators (BA) and the system (SY). The
   * list inherits nothing (P) and is inherited by everything below (OI, CI). Docker protects its
   * data in the same way.
   */
  private static final String OWNER_AND_ADMINISTRATORS =
      "D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)";

  /** Not the audit list, which takes another privilege. */
  private static final int KEPT =
      Advapi32.OWNER_SECURITY_INFORMATION
          | Advapi32.GROUP_SECURITY_INFORMATION
          | Advapi32.DACL_SECURITY_INFORMATION;

  private static final Pattern INHERITED = Pattern.compile("(?<=D:)(P?)(?:AR)?AI");
  private static final int NAME_LENGTH = 64;
  private static final int PATH_LENGTH = 32_768;

  /** More than the text of a list has, whose entries take 64 KiB at most. */
  private static final int LONGEST_TEXT = 1 << 20;

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

  /** Protects a directory, with what is made below it. */
  public void restrict(Path directory, Grants grants) throws Win32Exception {
    apply(directory.toAbsolutePath().toString(), descriptor(grants));
  }

  /** Protects the root directory of a volume. */
  public void restrict(VolumeId volume, Grants grants) throws Win32Exception {
    apply(volume.path(), descriptor(grants));
  }

  /**
   * Looks up the accounts, so that a misspelt one is noticed before anything is made. Returns what
   * {@link #restrict} applies, in the security descriptor definition language.
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

  /** The number of an account, as text. */
  private String sid(String account) throws Win32Exception {
    if (account.matches("S-1(-\\d+)+")) {
      return account;
    }
    Memory sid = new Memory(LONGEST_SID);
    int found =
        dlls.advapi32()
            .LookupAccountNameW(
                null,
                Wide.of(account),
                sid,
                new IntByReference(LONGEST_SID),
                Wide.room(LONGEST_DOMAIN),
                new IntByReference(LONGEST_DOMAIN),
                new IntByReference());
    check("LookupAccountName", account, found);
    var text = new PointerByReference();
    check("ConvertSidToStringSid", account, dlls.advapi32().ConvertSidToStringSidW(sid, text));
    try {
      return Wide.read(text.getValue());
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
                Wide.of(directory),
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
                Wide.of(directory),
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

  /** Whether the file system that the directory shows keeps access control lists. */
  public boolean keepsLists(Path directory) throws Win32Exception {
    Memory root = Wide.room(PATH_LENGTH);
    String path = directory.toAbsolutePath() + "\\";
    check(
        "GetVolumePathName",
        path,
        dlls.kernel32().GetVolumePathNameW(Wide.of(path), root, PATH_LENGTH));
    var flags = new IntByReference();
    check(
        "GetVolumeInformation",
        path,
        dlls.kernel32()
            .GetVolumeInformationW(
                root, null, 0, null, null, flags, Wide.room(NAME_LENGTH), NAME_LENGTH));
    return (flags.getValue() & Kernel32.FILE_PERSISTENT_ACLS) != 0;
  }

  /** Makes the files of others readable, as far as this user may have that. */
  public void enableReadingAll() throws Win32Exception {
    new Privileges(dlls).enableIfHeld(Privileges.BACKUP);
  }

  /** Lets this user give files to others, as far as they may have that. */
  public void enableWritingAll() throws Win32Exception {
    new Privileges(dlls).enableIfHeld(Privileges.RESTORE);
  }

  /** The owner, group and access control list of a file, in the language of descriptors. */
  public String describe(FilePlace place) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, place, Kernel32.READ_CONTROL)) {
      var descriptor = new PointerByReference();
      int code =
          dlls.advapi32()
              .GetSecurityInfo(
                  handle.value(),
                  Advapi32.SE_FILE_OBJECT,
                  KEPT,
                  null,
                  null,
                  null,
                  null,
                  descriptor);
      if (code != Win32Error.SUCCESS) {
        throw new Win32Exception("GetSecurityInfo", place.toString(), code);
      }
      try {
        return text(place, descriptor.getValue());
      } finally {
        dlls.kernel32().LocalFree(descriptor.getValue());
      }
    }
  }

  private String text(FilePlace place, Pointer descriptor) throws Win32Exception {
    var text = new PointerByReference();
    check(
        "ConvertSecurityDescriptorToStringSecurityDescriptor",
        place.toString(),
        dlls.advapi32()
            .ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, Advapi32.SDDL_REVISION_1, KEPT, text, null));
    try {
      return Wide.read(text.getValue(), LONGEST_TEXT);
    } finally {
      dlls.kernel32().LocalFree(text.getValue());
    }
  }

  /** Gives a file just what {@link #describe} said of one, whatever its directory passes on. */
  public void restore(FilePlace place, String text) throws Win32Exception {
    set(place, text, Kernel32.WRITE_DAC | Kernel32.WRITE_OWNER, KEPT);
  }

  /** The same, but the file stays its owner's. */
  public void restoreAccess(FilePlace place, String text) throws Win32Exception {
    set(place, text, Kernel32.WRITE_DAC, Advapi32.DACL_SECURITY_INFORMATION);
  }

  // That a list was inherited is only kept if it is asked for (AR).
  private void set(FilePlace place, String text, int access, int information)
      throws Win32Exception {
    Pointer descriptor =
        descriptor(place.toString(), INHERITED.matcher(text).replaceFirst("$1ARAI"));
    try (Handle handle = Handle.open(dlls, place, access)) {
      check(
          "SetKernelObjectSecurity",
          place.toString(),
          dlls.advapi32().SetKernelObjectSecurity(handle.value(), information, descriptor));
    } finally {
      dlls.kernel32().LocalFree(descriptor);
    }
  }

  private Pointer descriptor(String target, String text) throws Win32Exception {
    var descriptor = new PointerByReference();
    check(
        "ConvertStringSecurityDescriptor",
        target,
        dlls.advapi32()
            .ConvertStringSecurityDescriptorToSecurityDescriptorW(
                Wide.of(text), Advapi32.SDDL_REVISION_1, descriptor, null));
    return descriptor.getValue();
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
