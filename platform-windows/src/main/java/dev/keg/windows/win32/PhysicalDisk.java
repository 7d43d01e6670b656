package dev.keg.windows.win32;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An attached disk and its number. */
public record PhysicalDisk(int number) {
  private static final Pattern PATH = Pattern.compile("\\\\\\\\\\.\\\\PhysicalDrive(\\d+)");

  String path() {
    return "\\\\.\\PhysicalDrive" + number;
  }

  static PhysicalDisk ofPath(String path) throws Win32Exception {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new Win32Exception("GetVirtualDiskPhysicalPath", path, Win32Error.NOT_FOUND);
    }
    return new PhysicalDisk(Integer.parseInt(matcher.group(1)));
  }
}
