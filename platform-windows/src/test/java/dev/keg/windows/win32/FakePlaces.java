package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Mount points, junctions and drive letters; see {@link FakeWindows}. A mount point is a link here.
 */
final class FakePlaces {
  private final FakeWindows windows;

  FakePlaces(FakeWindows windows) {
    this.windows = windows;
  }

  private static Path place(Pointer volumeMountPoint) {
    String name = WideString.read(volumeMountPoint);
    if (!name.endsWith("\\")) {
      throw new AssertionError("a mount point ends with a backslash: " + name);
    }
    return Path.of(MountPoints.isLetter(name) ? name : name.substring(0, name.length() - 1));
  }

  private static boolean isLetter(Path place) {
    return MountPoints.isLetter(place.toString());
  }

  int set(Pointer volumeMountPoint, String volumeName) {
    Path place = place(volumeMountPoint);
    if (windows.fails("SetVolumeMountPoint " + place.getFileName())) {
      return 0;
    }
    Optional<FakeVolume> volume =
        windows.withVolume(volumeName).map(FakeDevices.OpenVolume::volume);
    if (volume.isEmpty() || (isLetter(place) && isTaken(place, volumeName))) {
      return windows.failed(Win32Error.INVALID_PARAMETER);
    }
    int done = isLetter(place) ? 1 : link(place, volume.get().content);
    if (done != 0) {
      windows.mountPoints.put(place, volumeName);
    }
    return done;
  }

  /** A letter stands for one volume, and a volume has one letter. */
  private boolean isTaken(Path letter, String volume) {
    return windows.letters.containsKey(device(letter))
        || windows.mountPoints.containsKey(letter)
        || windows.mountPoints.entrySet().stream()
            .anyMatch(entry -> isLetter(entry.getKey()) && entry.getValue().equals(volume));
  }

  private static String device(Path letter) {
    return letter.toString().substring(0, 2);
  }

  private int link(Path directory, Path content) {
    if (windows.mountPoints.containsKey(directory)) {
      return windows.failed(Win32Error.DIR_NOT_EMPTY);
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.findAny().isPresent()) {
        return windows.failed(Win32Error.DIR_NOT_EMPTY);
      }
      Files.delete(directory);
      Files.createSymbolicLink(directory, content);
      return 1;
    } catch (IOException _) {
      return windows.failed(Win32Error.FILE_NOT_FOUND);
    }
  }

  private int unlink(Path directory) {
    try {
      Files.delete(directory);
      Files.createDirectory(directory);
      return 1;
    } catch (IOException _) {
      return windows.failed(FakeWindows.IO_DEVICE);
    }
  }

  int delete(Pointer volumeMountPoint) {
    Path place = place(volumeMountPoint);
    if (windows.fails("DeleteVolumeMountPoint " + place.getFileName())) {
      return 0;
    }
    if (windows.mountPoints.remove(place) == null) {
      return windows.failed(Win32Error.NOT_A_REPARSE_POINT);
    }
    return isLetter(place) ? 1 : unlink(place);
  }

  Optional<String> name(Pointer volumeMountPoint) {
    Path place = place(volumeMountPoint);
    if (windows.fails("GetVolumeNameForVolumeMountPoint " + place.getFileName())) {
      return Optional.empty();
    }
    Optional<String> name = Optional.ofNullable(windows.mountPoints.get(place));
    if (name.isEmpty()) {
      int _ =
          windows.failed(
              windows.junctions.containsKey(place)
                  ? Win32Error.INVALID_PARAMETER
                  : Files.exists(place)
                      ? Win32Error.NOT_A_REPARSE_POINT
                      : Win32Error.FILE_NOT_FOUND);
    }
    return name;
  }

  int names(String volume, Pointer names, int room, IntByReference length) {
    if (windows.fails("GetVolumePathNamesForVolumeName " + volume)) {
      return 0;
    }
    String all =
        windows.mountPoints.entrySet().stream()
                .filter(mounted -> mounted.getValue().equals(volume))
                .map(mounted -> mounted.getKey().toString())
                .map(place -> place.endsWith("\\") ? place : place + "\\")
                .collect(Collectors.joining("\0"))
            + "\0";
    length.setValue(all.length() + 1);
    if (length.getValue() > room) {
      return windows.failed(Win32Error.MORE_DATA);
    }
    FakeFileCalls.put(all, names);
    return 1;
  }

  /** The volume that is mounted at a path that ends with a backslash. */
  Optional<String> volume(String root) {
    return Optional.ofNullable(
        windows.mountPoints.get(Path.of(root.substring(0, root.length() - 1))));
  }

  /** The nearest mount point above, or the drive of the system. */
  String holding(Path file) {
    for (Path above = file; above != null; above = above.getParent()) {
      if (windows.mountPoints.containsKey(above)) {
        return above + "\\";
      }
    }
    return "C:\\";
  }

  int control(Path directory, int code, FakeDevices.Buffers buffers) {
    return switch (code) {
      case WinIoCtl.FSCTL_SET_REPARSE_POINT -> junction(directory, buffers.input(16));
      case WinIoCtl.FSCTL_GET_REPARSE_POINT -> reparsePoint(directory, buffers);
      case WinIoCtl.FSCTL_DELETE_REPARSE_POINT -> {
        Pointer tag = buffers.input(8);
        boolean right =
            tag.getInt(0) == WinIoCtl.IO_REPARSE_TAG_MOUNT_POINT && tag.getShort(4) == 0;
        yield right && windows.junctions.remove(directory) != null
            ? unlink(directory)
            : windows.failed(Win32Error.NOT_A_REPARSE_POINT);
      }
      default -> windows.failed(Win32Error.INVALID_PARAMETER);
    };
  }

  private int reparsePoint(Path directory, FakeDevices.Buffers buffers) {
    Optional<String> target =
        Optional.ofNullable(windows.mountPoints.get(directory))
            .map(volume -> volume.substring(4))
            .or(() -> Optional.ofNullable(windows.junctions.get(directory)).map(Path::toString));
    if (target.isEmpty()) {
      return windows.failed(Win32Error.NOT_A_REPARSE_POINT);
    }
    Memory data = MountPoints.junction(target.get());
    buffers
        .output(16 << 10)
        .write(0, data.getByteArray(0, (int) data.size()), 0, (int) data.size());
    return 1;
  }

  private int junction(Path directory, Pointer data) {
    byte[] name = data.getByteArray(16L + data.getShort(8), data.getShort(10));
    String target = new String(name, java.nio.charset.StandardCharsets.UTF_16LE);
    if (data.getInt(0) != WinIoCtl.IO_REPARSE_TAG_MOUNT_POINT || !target.startsWith("\\??\\")) {
      return windows.failed(Win32Error.INVALID_PARAMETER);
    }
    windows.beforeLinking.run();
    Path to = Path.of(target.substring(4));
    if (windows.junctions.containsKey(directory)) {
      int _ = unlink(directory);
    }
    int done = link(directory, to);
    if (done != 0) {
      windows.junctions.put(directory, to);
    }
    return done;
  }

  int define(int flags, String device, String target) {
    if (windows.fails("DefineDosDevice " + flags + " " + device)) {
      return 0;
    }
    if ((flags & Kernel32.DDD_REMOVE_DEFINITION) == 0) {
      windows.letters.put(device, "\\??\\" + target);
      return 1;
    }
    return windows.letters.remove(device, target) ? 1 : windows.failed(Win32Error.FILE_NOT_FOUND);
  }

  Optional<String> query(String device) {
    if (windows.fails("QueryDosDevice " + device)) {
      return Optional.empty();
    }
    Optional<String> target =
        Optional.ofNullable(windows.letters.get(device))
            .or(
                () ->
                    Optional.ofNullable(windows.mountPoints.get(Path.of(device + "\\")))
                        .map(_ -> "\\Device\\HarddiskVolume7"));
    if (target.isEmpty()) {
      int _ = windows.failed(Win32Error.FILE_NOT_FOUND);
    }
    return target;
  }
}
