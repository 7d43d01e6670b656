package dev.keg.windows.driver;

import dev.keg.driver.CreateRequest;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.file.FileFailures;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.file.AdministratorsDirectory;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A driver's operation on a volume; turns failures into errors that name both, with hints. */
public record WindowsOperation(String name, VolumeName volume) {
  private static final String CLOSE =
      "close the programs that have files open on it; `keg unmount --force` closes the files";

  /** Work that can fail. */
  @FunctionalInterface
  public interface Action {
    void run() throws Win32Exception, IOException;
  }

  /** Work that can fail and returns a result. */
  @FunctionalInterface
  public interface Call<T> {
    T run() throws Win32Exception, IOException;
  }

  public void run(Action action) {
    boolean _ =
        get(
            () -> {
              action.run();
              return true;
            });
  }

  public <T> T get(Call<T> call) {
    try {
      return call.run();
    } catch (Win32Exception e) {
      throw new DriverFailed(name, volume.text(), e.what(), hint(e), e);
    } catch (IOException e) {
      throw new DriverFailed(name, volume.text(), what(e), null, e);
    }
  }

  /**
   * Creates the data directory of a new volume. Windows has no numeric owners and no modes, so
   * requests for them are refused.
   */
  public static void createDataDirectory(CreateRequest request) {
    VolumeName volume = request.volume().name();
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          volume.text(),
          "Windows has no uid, gid or mode: a volume is for its owner and administrators");
    }
    new WindowsOperation("create", volume).run(() -> Files.createDirectory(request.home().data()));
  }

  private static String what(IOException e) {
    return e instanceof FileSystemException named && named.getFile() != null
        ? named.getFile() + ": " + FileFailures.reason(e)
        : Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  private static @Nullable String hint(Win32Exception e) {
    if (e.call().equals("lock")) {
      return CLOSE;
    }
    return switch (Win32Error.plain(e.code())) {
      case Win32Error.ACCESS_DENIED,
          Win32Error.PRIVILEGE_NOT_HELD,
          Win32Error.INVALID_OWNER,
          Win32Error.WBEM_E_ACCESS_DENIED ->
          "run keg as administrator, which disks and shares for all sessions require";
      case Win32Error.INVALID_SECURITY_DESCR -> AdministratorsDirectory.REMEDY;
      case Win32Error.SHARING_VIOLATION ->
          "detach it from the virtual machine or program that has it open";
      case Win32Error.VIRTUAL_DISK_LIMITATION ->
          "move the root to a directory that is neither compressed nor encrypted";
      case Win32Error.WRITE_PROTECT -> "unmount it where it is mounted read-only";
      case Win32Error.VHD_INVALID_STATE -> "unmount it first";
      case Win32Error.DISK_FULL, Win32Error.HANDLE_DISK_FULL -> "free some space and run it again";
      case Win32Error.LOGON_FAILURE, Win32Error.INVALID_PASSWORD -> "check the credentials";
      case Win32Error.FVE_E_FAILED_AUTHENTICATION ->
          "a pass phrase is the whole line, including spaces";
      case Win32Error.NERR_OPEN_FILES -> CLOSE;
      case Win32Error.VHD_PARENT_NOT_FOUND,
          Win32Error.VHD_PARENT_ID_MISMATCH,
          Win32Error.VHD_PARENT_TIMESTAMP_MISMATCH,
          Win32Error.VHD_CHAIN_ERROR_IN_PARENT ->
          "bring back the parent's file as it was when the disk was made from it";
      case Win32Error.VHD_FORMAT_UNKNOWN,
          Win32Error.VIRTDISK_NOT_VIRTUAL_DISK,
          Win32Error.VHD_BLOCK_TABLE_CORRUPT ->
          "restore the volume from a backup";
      case Win32Error.NONE_MAPPED -> "an account is DOMAIN\\NAME, NAME or a SID (S-1-…)";
      case Win32Error.BAD_NETPATH, Win32Error.BAD_NET_NAME, Win32Error.RPC_S_SERVER_UNAVAILABLE ->
          "`keg drivers --discover HOST smb` lists the shares of a server that answers";
      case Win32Error.SESSION_CREDENTIAL_CONFLICT ->
          "`net use` lists the connections to the server; end them, or give the same user";
      case Win32Error.FILE_CORRUPT, Win32Error.DISK_CORRUPT ->
          "mount it on a letter and let `chkdsk LETTER: /f` repair it, or restore a backup";
      case Win32Error.UNRECOGNIZED_VOLUME ->
          "its disk has no file system that this Windows knows; a machine may have formatted it";
      default -> null;
    };
  }
}
