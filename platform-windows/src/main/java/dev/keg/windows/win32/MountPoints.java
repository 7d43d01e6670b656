package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The mounts of volumes and directories, on empty directories and on drive letters. All sessions
 * see a volume on a letter; only the session that mounted it sees a directory on a letter.
 */
public final class MountPoints {
  private static final Pattern LETTER = Pattern.compile("[A-Za-z]:\\\\?");

  /** The prefix of a device name that stands for a path. */
  private static final String PATH = "\\??\\";

  private static final int PATH_LENGTH = 32_768;

  private final Dlls dlls;

  public MountPoints(Dlls dlls) {
    this.dlls = dlls;
  }

  /** Whether the place is a drive letter, with or without a backslash. */
  public static boolean isLetter(String place) {
    return LETTER.matcher(place).matches();
  }

  /** Mounts a volume on an empty directory or a free drive letter. */
  public void mount(VolumeGuidPath volume, Path place) throws Win32Exception {
    check(
        "SetVolumeMountPoint",
        place,
        dlls.kernel32().SetVolumeMountPointW(root(place), WideString.of(volume.path())));
  }

  /** The volume that is mounted there. */
  public Optional<VolumeGuidPath> mounted(Path place) throws Win32Exception {
    Memory name = WideString.allocate(VolumeGuidPath.LENGTH);
    if (dlls.kernel32().GetVolumeNameForVolumeMountPointW(root(place), name, VolumeGuidPath.LENGTH)
        != 0) {
      return Optional.of(new VolumeGuidPath(WideString.read(name)));
    }
    int code = dlls.lastError();
    return switch (code) {
      case Win32Error.NOT_A_REPARSE_POINT,
          Win32Error.INVALID_PARAMETER,
          Win32Error.FILE_NOT_FOUND,
          Win32Error.PATH_NOT_FOUND ->
          Optional.empty();
      default ->
          throw new Win32Exception("GetVolumeNameForVolumeMountPoint", place.toString(), code);
    };
  }

  /** A volume, and a directory or letter on which it is mounted. */
  public record Mounted(VolumeGuidPath volume, Path place) {}

  /**
   * All mounted volumes. Volumes that cannot be queried are left out, since they may be of any
   * kind. So is a place whose name Java refuses, such as one that ends with a space: Keg mounts
   * nothing there.
   */
  public List<Mounted> all() throws Win32Exception {
    List<Mounted> all = new ArrayList<>();
    for (VolumeGuidPath volume : VolumeGuidPath.all(dlls)) {
      for (String place : places(volume)) {
        path(withoutEnd(place)).ifPresent(path -> all.add(new Mounted(volume, path)));
      }
    }
    return all;
  }

  static Optional<Path> path(String place) {
    try {
      return Optional.of(Path.of(place));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private List<String> places(VolumeGuidPath volume) throws Win32Exception {
    int room = PATH_LENGTH;
    while (true) {
      Memory names = WideString.allocate(room);
      var length = new IntByReference();
      int done =
          dlls.kernel32()
              .GetVolumePathNamesForVolumeNameW(WideString.of(volume.path()), names, room, length);
      if (done != 0) {
        return WideString.readAll(names);
      }
      if (dlls.lastError() != Win32Error.MORE_DATA || length.getValue() <= room) {
        return List.of();
      }
      room = length.getValue();
    }
  }

  private static String withoutEnd(String place) {
    return isLetter(place) ? place : place.substring(0, place.length() - 1);
  }

  /** The volume that contains a file. */
  public Optional<VolumeGuidPath> holding(Path file) throws Win32Exception {
    Memory root = WideString.allocate(PATH_LENGTH);
    check(
        "GetVolumePathName",
        file,
        dlls.kernel32()
            .GetVolumePathNameW(
                WideString.of(file.toAbsolutePath().toString()), root, PATH_LENGTH));
    return mounted(Path.of(withoutEnd(WideString.read(root))));
  }

  public void unmount(Path place) throws Win32Exception {
    check("DeleteVolumeMountPoint", place, dlls.kernel32().DeleteVolumeMountPointW(root(place)));
  }

  /** Shows a directory at an empty directory (a junction) or at a free drive letter. */
  public void show(Path directory, Path place) throws Win32Exception {
    if (isLetter(place.toString())) {
      check(
          "DefineDosDevice",
          place,
          dlls.kernel32().DefineDosDeviceW(0, device(place), WideString.of(directory.toString())));
      return;
    }
    try (Handle handle = Handle.openLink(dlls, place, Kernel32.GENERIC_WRITE)) {
      // Windows would let one junction replace another.
      if (leadsTo(handle).isPresent()) {
        throw new Win32Exception("link", place.toString(), Win32Error.DIR_NOT_EMPTY);
      }
      Memory link = junction(directory.toString());
      handle.control("link", WinIoCtl.FSCTL_SET_REPARSE_POINT, link, (int) link.size(), null);
    }
  }

  /**
   * The target of a directory or a letter, in the object manager's notation; empty if it has none.
   */
  public Optional<String> leadsTo(Path place) throws Win32Exception {
    return isLetter(place.toString()) ? definition(place) : junctionAt(place);
  }

  /** The directory that a junction or a letter of this session shows; otherwise empty. */
  public Optional<Path> shown(Path place) throws Win32Exception {
    return leadsTo(place)
        .filter(MountPoints::isDirectory)
        .map(path -> Path.of(path.substring(PATH.length())));
  }

  private Optional<String> junctionAt(Path place) throws Win32Exception {
    try (Handle handle = Handle.openLink(dlls, place, Kernel32.FILE_READ_ATTRIBUTES)) {
      return leadsTo(handle);
    } catch (Win32Exception e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isGone(Win32Exception e) {
    return e.code() == Win32Error.FILE_NOT_FOUND || e.code() == Win32Error.PATH_NOT_FOUND;
  }

  /** Reverts {@link #show}. Does nothing if nothing is shown. */
  public void hide(Path place) throws Win32Exception {
    if (isLetter(place.toString())) {
      hideLetter(place);
    } else {
      removeJunction(place);
    }
  }

  /** The target of a letter, in the object manager's notation. */
  private Optional<String> definition(Path letter) throws Win32Exception {
    Memory target = WideString.allocate(PATH_LENGTH);
    if (dlls.kernel32().QueryDosDeviceW(device(letter), target, PATH_LENGTH) != 0) {
      return Optional.of(WideString.read(target));
    }
    int code = dlls.lastError();
    if (code == Win32Error.FILE_NOT_FOUND) {
      return Optional.empty();
    }
    throw new Win32Exception("QueryDosDevice", letter.toString(), code);
  }

  private void hideLetter(Path letter) throws Win32Exception {
    Optional<String> target = definition(letter).filter(path -> path.startsWith(PATH));
    if (target.isPresent()) {
      check(
          "DefineDosDevice",
          letter,
          dlls.kernel32()
              .DefineDosDeviceW(
                  Kernel32.DDD_REMOVE_DEFINITION
                      | Kernel32.DDD_RAW_TARGET_PATH
                      | Kernel32.DDD_EXACT_MATCH_ON_REMOVE,
                  device(letter),
                  WideString.of(target.get())));
    }
  }

  private void removeJunction(Path place) throws Win32Exception {
    try (Handle handle = Handle.openLink(dlls, place, Kernel32.GENERIC_WRITE)) {
      Optional<String> target = leadsTo(handle);
      if (target.isEmpty()) {
        return;
      }
      if (!isDirectory(target.get())) {
        throw new Win32Exception("unlink", place.toString(), Win32Error.REPARSE_TAG_MISMATCH);
      }
      Memory empty = new Memory(WinIoCtl.REPARSE_DATA_BUFFER_HEADER_SIZE);
      empty.clear();
      empty.setInt(0, WinIoCtl.IO_REPARSE_TAG_MOUNT_POINT);
      handle.control(
          "unlink", WinIoCtl.FSCTL_DELETE_REPARSE_POINT, empty, (int) empty.size(), null);
    } catch (Win32Exception e) {
      if (!isGone(e)) {
        throw e;
      }
    }
  }

  /**
   * The target of the opened directory, in the object manager's notation; empty for a plain
   * directory.
   */
  private static Optional<String> leadsTo(Handle directory) throws Win32Exception {
    Memory data;
    try {
      data =
          directory.read(
              "examine",
              WinIoCtl.FSCTL_GET_REPARSE_POINT,
              WinIoCtl.MAXIMUM_REPARSE_DATA_BUFFER_SIZE);
    } catch (Win32Exception e) {
      if (e.code() == Win32Error.NOT_A_REPARSE_POINT) {
        return Optional.empty();
      }
      throw e;
    }
    if (data.getInt(0) != WinIoCtl.IO_REPARSE_TAG_MOUNT_POINT) {
      return Optional.of("");
    }
    byte[] name = data.getByteArray(16L + data.getShort(8), data.getShort(10));
    return Optional.of(new String(name, StandardCharsets.UTF_16LE));
  }

  /** A mount point of a volume has the same tag as a junction, but leads to a device. */
  private static boolean isDirectory(String target) {
    return target.startsWith(PATH) && !target.startsWith(PATH + "Volume{");
  }

  /**
   * A REPARSE_DATA_BUFFER of a junction ({@code ntifs.h}):
   *
   * <pre>
   *  0 ULONG  ReparseTag
   *  4 USHORT ReparseDataLength, of what follows at 8
   *  6 USHORT Reserved
   *  8 USHORT SubstituteNameOffset, SubstituteNameLength, in bytes and without the terminator
   * 12 USHORT PrintNameOffset, PrintNameLength
   * 16 WCHAR  PathBuffer: both names, each with a terminator
   * </pre>
   */
  static Memory junction(String directory) {
    String substitute = PATH + directory;
    byte[] names = utf16(substitute + "\0" + directory + "\0");
    Memory buffer = new Memory(16L + names.length);
    buffer.clear();
    buffer.setInt(0, WinIoCtl.IO_REPARSE_TAG_MOUNT_POINT);
    buffer.setShort(4, (short) (8 + names.length));
    buffer.setShort(10, (short) (2 * substitute.length()));
    buffer.setShort(12, (short) (2 * substitute.length() + 2));
    buffer.setShort(14, (short) (2 * directory.length()));
    buffer.write(16, names, 0, names.length);
    return buffer;
  }

  private static byte[] utf16(String text) {
    return text.getBytes(StandardCharsets.UTF_16LE);
  }

  /** Names of mount points end with a backslash. */
  private static Memory root(Path place) {
    String text = place.toString();
    if (isLetter(text)) {
      return WideString.of(text.substring(0, 2) + "\\");
    }
    return WideString.of(WideString.extended(place.toAbsolutePath() + "\\"));
  }

  /** A letter has no backslash as a device name. */
  private static Memory device(Path letter) {
    return WideString.of(letter.toString().substring(0, 2).toUpperCase(Locale.ROOT));
  }

  private void check(String call, Path place, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception(call, place.toString(), dlls.lastError());
    }
  }
}
