package dev.keg.windows.win32.file;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Handle;
import dev.keg.windows.win32.Privileges;
import dev.keg.windows.win32.WideString;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.Kernel32;
import java.nio.file.Path;
import java.util.UUID;

/** The security descriptors of files: the owner, the access rights, and the audited accesses. */
public final class FileDescriptors {
  private static final int OWNERS =
      Advapi32.OWNER_SECURITY_INFORMATION | Advapi32.GROUP_SECURITY_INFORMATION;

  private static final int NAME_LENGTH = 64;
  private static final int PATH_LENGTH = 32_768;

  /** More than the longest text of a list, whose entries take 64 KiB at most. */
  private static final int LONGEST_TEXT = 1 << 20;

  private final Dlls dlls;

  public FileDescriptors(Dlls dlls) {
    this.dlls = dlls;
  }

  /** The parts of a descriptor to read or set. */
  public enum Parts {
    ALL(OWNERS | Advapi32.DACL_SECURITY_INFORMATION | Advapi32.SACL_SECURITY_INFORMATION),
    ALL_BUT_AUDITS(OWNERS | Advapi32.DACL_SECURITY_INFORMATION),
    LISTS(Advapi32.DACL_SECURITY_INFORMATION | Advapi32.SACL_SECURITY_INFORMATION),
    ACCESS(Advapi32.DACL_SECURITY_INFORMATION);

    private final int information;

    Parts(int information) {
      this.information = information;
    }

    private int with(int part, int access) {
      return (information & part) == 0 ? 0 : access;
    }

    private int toRead() {
      return Kernel32.READ_CONTROL
          | with(Advapi32.SACL_SECURITY_INFORMATION, Kernel32.ACCESS_SYSTEM_SECURITY);
    }

    private int toSet() {
      return with(OWNERS, Kernel32.WRITE_OWNER)
          | with(Advapi32.DACL_SECURITY_INFORMATION, Kernel32.WRITE_DAC)
          | with(Advapi32.SACL_SECURITY_INFORMATION, Kernel32.ACCESS_SYSTEM_SECURITY);
    }
  }

  /** Whether the directory's file system stores access control lists. */
  public boolean areKept(Path directory) throws Win32Exception {
    Memory root = WideString.allocate(PATH_LENGTH);
    String path = directory.toAbsolutePath() + "\\";
    check(
        "GetVolumePathName",
        path,
        dlls.kernel32().GetVolumePathNameW(WideString.of(path), root, PATH_LENGTH));
    var flags = new IntByReference();
    check(
        "GetVolumeInformation",
        path,
        dlls.kernel32()
            .GetVolumeInformationW(
                root, null, 0, null, null, flags, WideString.allocate(NAME_LENGTH), NAME_LENGTH));
    return (flags.getValue() & Kernel32.FILE_PERSISTENT_ACLS) != 0;
  }

  /** Makes the files of others readable, as far as this user is allowed to. */
  public void enableReadingAll() throws Win32Exception {
    boolean _ = new Privileges(dlls).enableIfHeld(Privileges.BACKUP);
  }

  /** Lets this user give files to others, as far as they are allowed to. */
  public void enableWritingAll() throws Win32Exception {
    boolean _ = new Privileges(dlls).enableIfHeld(Privileges.RESTORE);
  }

  /** Whether this user may see and set the audited accesses to the files of a tree. */
  public boolean enableAudits(Path root) throws Win32Exception {
    if (!new Privileges(dlls).enableIfHeld(Privileges.SECURITY)) {
      return false;
    }
    // On a server, the privilege on the server counts.
    try (Handle _ =
        FileHandles.open(dlls, new FilePlace(root, true), Kernel32.ACCESS_SYSTEM_SECURITY)) {
      return true;
    } catch (Win32Exception e) {
      return switch (e.code()) {
        case Win32Error.PRIVILEGE_NOT_HELD, Win32Error.ACCESS_DENIED -> false;
        default -> throw e;
      };
    }
  }

  /** The descriptor of a file, in the security descriptor definition language. */
  public String read(FilePlace place, Parts parts) throws Win32Exception {
    try (Handle handle = FileHandles.open(dlls, place, parts.toRead())) {
      var descriptor = new PointerByReference();
      int code =
          dlls.advapi32()
              .GetSecurityInfo(
                  handle.value(),
                  Advapi32.SE_FILE_OBJECT,
                  parts.information,
                  null,
                  null,
                  null,
                  null,
                  descriptor);
      if (code != Win32Error.SUCCESS) {
        throw new Win32Exception("GetSecurityInfo", place.toString(), code);
      }
      try {
        return text(place, descriptor.getValue(), parts);
      } finally {
        dlls.kernel32().LocalFree(descriptor.getValue());
      }
    }
  }

  /** The owner of a file, in the security descriptor definition language. */
  public String owner(FilePlace place) throws Win32Exception {
    return read(place, Parts.ALL_BUT_AUDITS).replaceFirst("^O:(.*?)(?:[GDS]:.*)?$", "$1");
  }

  /**
   * The owner of new files in a directory. Creates one that disappears even if Keg is killed, and
   * that nobody can replace while it is examined.
   */
  public String ownerOfNew(Path directory) throws Win32Exception {
    FilePlace probe = new FilePlace(directory.resolve(".keg-owner-" + UUID.randomUUID()), false);
    try (Handle _ = FileHandles.createPin(dlls, probe)) {
      return owner(probe);
    }
  }

  private String text(FilePlace place, Pointer descriptor, Parts parts) throws Win32Exception {
    var text = new PointerByReference();
    check(
        "ConvertSecurityDescriptorToStringSecurityDescriptor",
        place.toString(),
        dlls.advapi32()
            .ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, Advapi32.SDDL_REVISION_1, parts.information, text, null));
    try {
      return WideString.read(text.getValue(), LONGEST_TEXT);
    } finally {
      dlls.kernel32().LocalFree(text.getValue());
    }
  }

  /**
   * Gives a file exactly the descriptor that {@link #read} returned, whatever its directory passes
   * on.
   */
  public void set(FilePlace place, DescriptorText text, Parts parts) throws Win32Exception {
    var descriptor = new PointerByReference();
    check(
        "ConvertStringSecurityDescriptor",
        place.toString(),
        dlls.advapi32()
            .ConvertStringSecurityDescriptorToSecurityDescriptorW(
                WideString.of(text.requestingInheritance()),
                Advapi32.SDDL_REVISION_1,
                descriptor,
                null));
    try (Handle handle = FileHandles.open(dlls, place, parts.toSet())) {
      check(
          "SetKernelObjectSecurity",
          place.toString(),
          dlls.advapi32()
              .SetKernelObjectSecurity(handle.value(), parts.information, descriptor.getValue()));
    } finally {
      dlls.kernel32().LocalFree(descriptor.getValue());
    }
  }

  private void check(String call, String target, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception(call, target, dlls.lastError());
    }
  }
}
