package dev.keg.windows.win32.file;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.WideString;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.dll.Advapi32;
import dev.keg.windows.win32.dll.Kernel32.SECURITY_ATTRIBUTES;
import dev.keg.windows.win32.file.FileDescriptors.Parts;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory that everybody may read and only administrators and the system may write to. Its
 * parent, such as {@code %ProgramData%}, lets everybody create directories.
 */
public final class AdministratorsDirectory {
  /** The remedy for {@link Win32Error#INVALID_SECURITY_DESCR}. */
  public static final String REMEDY =
      "check who created it, then remove it as administrator; Keg creates a new one";

  private static final String DESCRIPTOR =
      "O:BAG:BAD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)";

  /** Owned by administrators or the system, with a list that inherits nothing. */
  private static final Pattern PROTECTED =
      Pattern.compile("O:(?:BA|SY)(?:G:[^:()]*)?D:(?:AI|AR)*P(?:AI|AR)*((?:\\([^()]*\\))*)");

  /** An entry that grants administrators or the system anything, or others the right to read. */
  private static final Pattern HARMLESS =
      Pattern.compile("\\((?:D;.*|A;[A-Z]*;(?:[^;]*;;;(?:BA|SY)|(?:0x1200a9|FR|FX);;;[^;]*))\\)");

  private static final Pattern ENTRY = Pattern.compile("\\([^()]*\\)");

  private final Dlls dlls;

  public AdministratorsDirectory(Dlls dlls) {
    this.dlls = dlls;
  }

  /** Creates it, or requires that the existing one is protected. */
  public void make(Path directory) throws Win32Exception {
    FilePlace place = new FilePlace(directory, false);
    var descriptor = new PointerByReference();
    check(
        "ConvertStringSecurityDescriptor",
        place,
        dlls.advapi32()
            .ConvertStringSecurityDescriptorToSecurityDescriptorW(
                WideString.of(DESCRIPTOR), Advapi32.SDDL_REVISION_1, descriptor, null));
    try {
      make(place, descriptor.getValue());
    } finally {
      dlls.kernel32().LocalFree(descriptor.getValue());
    }
  }

  private void make(FilePlace place, Pointer descriptor) throws Win32Exception {
    var attributes = new SECURITY_ATTRIBUTES();
    attributes.nLength = attributes.size();
    attributes.lpSecurityDescriptor = descriptor;
    int done = dlls.kernel32().CreateDirectoryW(place.name(), attributes);
    if (done == 0 && dlls.lastError() == Win32Error.ALREADY_EXISTS) {
      requireProtected(place);
      return;
    }
    check("CreateDirectory", place, done);
  }

  private void requireProtected(FilePlace place) throws Win32Exception {
    if (!isProtected(new FileDescriptors(dlls).read(place, Parts.ALL_BUT_AUDITS))) {
      throw new Win32Exception("use", place.toString(), Win32Error.INVALID_SECURITY_DESCR);
    }
  }

  /** Whether nobody else may write there, or change that. */
  static boolean isProtected(String descriptor) {
    Matcher list = PROTECTED.matcher(descriptor);
    return list.matches()
        && ENTRY
            .matcher(list.group(1))
            .results()
            .allMatch(entry -> HARMLESS.matcher(entry.group()).matches());
  }

  private void check(String call, FilePlace place, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception(call, place.toString(), dlls.lastError());
    }
  }
}
