package dev.keg.windows.driver;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeName;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Translates failures of Windows into errors about volumes, with hints. */
public final class WindowsFailures {
  private WindowsFailures() {}

  public static VolumeException of(String operation, VolumeName volume, Win32Exception e) {
    return new DriverFailed(operation, volume.text(), e.what(), hint(e), e);
  }

  public static VolumeException of(String operation, VolumeName volume, IOException e) {
    return new DriverFailed(operation, volume.text(), what(e), null, e);
  }

  private static String what(IOException e) {
    return e instanceof FileSystemException named && named.getFile() != null
        ? named.getFile() + ": " + FileFailures.reason(e)
        : Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  private static @Nullable String hint(Win32Exception e) {
    if (e.call().equals("lock")) {
      return "close the programs that have files open on it";
    }
    return switch (e.code()) {
      case Win32Error.ACCESS_DENIED, Win32Error.PRIVILEGE_NOT_HELD ->
          "run keg as administrator, which disks and shares for all sessions require";
      case Win32Error.SHARING_VIOLATION ->
          "detach it from the virtual machine or program that has it open";
      case Win32Error.VIRTUAL_DISK_LIMITATION ->
          "move the root to a directory that is neither compressed nor encrypted";
      case Win32Error.VHD_INVALID_STATE -> "unmount it first";
      case Win32Error.DISK_FULL -> "free some space and run it again";
      case Win32Error.LOGON_FAILURE, Win32Error.INVALID_PASSWORD -> "check the credentials";
      case Win32Error.NERR_OPEN_FILES -> "close the programs that have files open on it";
      default -> null;
    };
  }
}
