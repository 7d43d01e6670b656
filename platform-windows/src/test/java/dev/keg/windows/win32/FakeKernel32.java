package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.keg.windows.win32.dll.Fmifs;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Devices, volumes, mount points and formatting; see {@link FakeWindows}. */
final class FakeKernel32 extends FakeFileCalls implements Fmifs {
  private static final String DISK = "\\\\.\\PhysicalDrive";
  private static final String VOLUME = "\\\\?\\Volume";

  /** Unrelated volumes: the system's, and a drive without a disc. */
  private static final String SYSTEM_VOLUME = "\\\\?\\Volume{00000000-system}\\";

  private static final String EMPTY_DRIVE = "\\\\?\\Volume{00000000-empty}\\";

  private final FakeDevices devices;
  private final FakePlaces places;

  FakeKernel32(FakeWindows windows) {
    super(windows);
    this.devices = new FakeDevices(windows);
    this.places = new FakePlaces(windows);
  }

  private record Search(Deque<String> volumes) {}

  @Override
  public Pointer CreateFileW(
      Pointer fileName,
      int desiredAccess,
      int shareMode,
      @Nullable Pointer securityAttributes,
      int creationDisposition,
      int flagsAndAttributes,
      @Nullable Pointer templateFile) {
    String name = WideString.read(fileName);
    if (windows.fails("CreateFile " + name)) {
      return new Pointer(INVALID_HANDLE_VALUE);
    }
    if ((desiredAccess & ACCESS_SYSTEM_SECURITY) != 0 && !windows.mayAudit) {
      int _ = windows.failed(Win32Error.PRIVILEGE_NOT_HELD);
      return new Pointer(INVALID_HANDLE_VALUE);
    }
    if ((flagsAndAttributes & FILE_FLAG_DELETE_ON_CLOSE) != 0) {
      boolean holds = desiredAccess == DELETE && (shareMode & FILE_SHARE_DELETE) == 0;
      return opened(holds ? windows.files.pin(Path.of(name)) : Optional.empty());
    }
    if (FakeFiles.isStream(name)) {
      return opened(windows.files.open(name, creationDisposition));
    }
    Optional<Object> found = find(name, desiredAccess);
    boolean write = (desiredAccess & GENERIC_WRITE) != 0;
    if (found.isPresent()
        && found.get() instanceof FakeDevices.OpenVolume volume
        && volume.attachment().readOnly
        && write) {
      int _ = windows.failed(Win32Error.WRITE_PROTECT);
      return new Pointer(INVALID_HANDLE_VALUE);
    }
    if (found.isEmpty()) {
      int _ = windows.failed(Win32Error.FILE_NOT_FOUND);
      return new Pointer(INVALID_HANDLE_VALUE);
    }
    return windows.open(found.get());
  }

  private Pointer opened(Optional<Object> file) {
    return file.map(windows::open).orElseGet(() -> new Pointer(INVALID_HANDLE_VALUE));
  }

  private Optional<Object> find(String name, int desiredAccess) {
    if (name.startsWith(DISK)) {
      return windows
          .attached(Integer.parseInt(name.substring(DISK.length())))
          .map(entry -> new FakeDevices.OpenDisk(entry.getKey(), entry.getValue()));
    }
    if (name.startsWith(VOLUME)) {
      String path = name.endsWith("\\") ? name : name + "\\";
      if (path.equals(SYSTEM_VOLUME) || path.equals(EMPTY_DRIVE)) {
        return Optional.of(path);
      }
      return windows.withVolume(path).map(volume -> volume.with(desiredAccess));
    }
    return Optional.of(Path.of(name))
        .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
        .map(Object.class::cast);
  }

  @Override
  public int CloseHandle(Pointer object) {
    return windows.close(Pointer.nativeValue(object)) ? 1 : 0;
  }

  @Override
  public int FlushFileBuffers(Pointer file) {
    boolean writes =
        windows.handle(file, FakeFiles.OpenStream.class).isPresent()
            || windows
                .handle(file, FakeDevices.OpenVolume.class)
                .filter(volume -> (volume.access() & GENERIC_WRITE) != 0)
                .isPresent();
    if (windows.fails("FlushFileBuffers")) {
      return 0;
    }
    return writes ? 1 : windows.failed(Win32Error.ACCESS_DENIED);
  }

  @Override
  public int DeviceIoControl(
      Pointer device,
      int ioControlCode,
      @Nullable Pointer inBuffer,
      int inBufferSize,
      @Nullable Pointer outBuffer,
      int outBufferSize,
      IntByReference bytesReturned,
      @Nullable Pointer overlapped) {
    if (windows.fails("DeviceIoControl 0x" + Integer.toHexString(ioControlCode))) {
      return 0;
    }
    if (windows.brokenForeignVolume && windows.handle(device, String.class).isPresent()) {
      return windows.failed(FakeWindows.IO_DEVICE);
    }
    if (windows.handle(device, String.class).isPresent()) {
      return devices.foreign(
          windows.handle(device, String.class).get().equals(SYSTEM_VOLUME), outBuffer);
    }
    var buffers = new FakeDevices.Buffers(inBuffer, inBufferSize, outBuffer, outBufferSize);
    Optional<Path> directory = windows.handle(device, Path.class);
    if (directory.isPresent()) {
      return places.control(directory.get(), ioControlCode, buffers);
    }
    return windows
        .handle(device, FakeDevices.OpenDisk.class)
        .map(disk -> devices.control(disk, ioControlCode, buffers))
        .or(
            () ->
                windows
                    .handle(device, FakeDevices.OpenVolume.class)
                    .map(volume -> devices.control(volume, ioControlCode, buffers)))
        .orElseGet(() -> windows.failed(Win32Error.INVALID_HANDLE));
  }

  @Override
  public Pointer FindFirstVolumeW(Pointer volumeName, int bufferLength) {
    if (windows.fails("FindFirstVolume")) {
      return new Pointer(INVALID_HANDLE_VALUE);
    }
    List<String> volumes = new ArrayList<>(List.of(SYSTEM_VOLUME, EMPTY_DRIVE));
    windows.attachments.values().stream()
        .filter(attachment -> attachment.settled)
        .flatMap(attachment -> attachment.disk.volumes.stream())
        .filter(volume -> volume.type.equals(WinIoCtl.PARTITION_BASIC_DATA_GUID))
        .forEach(volume -> volumes.add(volume.path));
    Search search = new Search(new ArrayDeque<>(volumes));
    put(search.volumes().removeFirst(), volumeName);
    return windows.open(search);
  }

  @Override
  public int FindNextVolumeW(Pointer findVolume, Pointer volumeName, int bufferLength) {
    Deque<String> volumes = windows.handle(findVolume, Search.class).orElseThrow().volumes();
    if (volumes.isEmpty()) {
      return windows.failed(Win32Error.NO_MORE_FILES);
    }
    put(volumes.removeFirst(), volumeName);
    return 1;
  }

  @Override
  public int FindVolumeClose(Pointer findVolume) {
    return CloseHandle(findVolume);
  }

  @Override
  public int SetVolumeMountPointW(Pointer volumeMountPoint, Pointer volumeName) {
    return places.set(volumeMountPoint, WideString.read(volumeName));
  }

  @Override
  public int DeleteVolumeMountPointW(Pointer volumeMountPoint) {
    return places.delete(volumeMountPoint);
  }

  @Override
  public int GetVolumeNameForVolumeMountPointW(
      Pointer volumeMountPoint, Pointer volumeName, int bufferLength) {
    Optional<String> name = places.name(volumeMountPoint);
    name.ifPresent(volume -> put(volume, volumeName));
    return name.isPresent() ? 1 : 0;
  }

  @Override
  public int GetVolumePathNamesForVolumeNameW(
      Pointer volumeName, Pointer pathNames, int bufferLength, IntByReference returnLength) {
    String volume = WideString.read(volumeName);
    boolean known = find(volume, 0).isPresent();
    return known
        ? places.names(volume, pathNames, bufferLength, returnLength)
        : windows.failed(Win32Error.FILE_NOT_FOUND);
  }

  @Override
  public int DefineDosDeviceW(int flags, Pointer deviceName, @Nullable Pointer targetPath) {
    return places.define(
        flags, WideString.read(deviceName), WideString.read(Objects.requireNonNull(targetPath)));
  }

  @Override
  public int GetVolumePathNameW(Pointer fileName, Pointer volumePathName, int bufferLength) {
    if (windows.fails("GetVolumePathName")) {
      return 0;
    }
    put(places.holding(Path.of(WideString.read(fileName))), volumePathName);
    return 1;
  }

  @Override
  public int QueryDosDeviceW(Pointer deviceName, Pointer targetPath, int maximumCharacters) {
    Optional<String> target = places.query(WideString.read(deviceName));
    target.ifPresent(path -> put(path, targetPath));
    // The terminators of the text and of the list are counted.
    return target.map(path -> path.length() + 2).orElse(0);
  }

  @Override
  public int GetDiskFreeSpaceExW(
      Pointer directoryName,
      LongByReference freeBytesAvailableToCaller,
      @Nullable LongByReference totalBytes,
      @Nullable LongByReference totalFreeBytes) {
    if (windows.fails("GetDiskFreeSpaceEx")) {
      return 0;
    }
    freeBytesAvailableToCaller.setValue(windows.free);
    return 1;
  }

  @Override
  public int GetVolumeInformationW(
      Pointer rootPathName,
      @Nullable Pointer volumeNameBuffer,
      int volumeNameSize,
      @Nullable IntByReference volumeSerialNumber,
      @Nullable IntByReference maximumComponentLength,
      @Nullable IntByReference fileSystemFlags,
      Pointer fileSystemNameBuffer,
      int fileSystemNameSize) {
    if (windows.fails("GetVolumeInformation")) {
      return 0;
    }
    String root = WideString.read(rootPathName);
    if (fileSystemFlags != null) {
      fileSystemFlags.setValue(windows.files.listsKept ? FILE_PERSISTENT_ACLS : 0);
    }
    if (root.equals("C:\\")) {
      put("NTFS", fileSystemNameBuffer);
      return 1;
    }
    Optional<FakeVolume> volume =
        windows.withVolume(places.volume(root).orElse(root)).map(FakeDevices.OpenVolume::volume);
    if (volume.isEmpty() || volume.get().fileSystem.equals(FakeVolume.RAW)) {
      return windows.failed(Win32Error.UNRECOGNIZED_VOLUME);
    }
    if (volume.get().locked) {
      return windows.failed(Win32Error.FVE_E_LOCKED_VOLUME);
    }
    put(volume.get().fileSystem, fileSystemNameBuffer);
    return 1;
  }

  @Override
  public Pointer GetCurrentProcess() {
    return new Pointer(-1);
  }

  @Override
  public @Nullable Pointer LocalFree(Pointer memory) {
    return null;
  }

  /** Time passes, in which volumes appear. */
  @Override
  public void Sleep(int milliseconds) {
    windows.attachments.values().forEach(attachment -> attachment.settled = true);
  }

  @Override
  public void FormatEx(
      Pointer driveRoot,
      int mediaFlag,
      Pointer format,
      Pointer label,
      byte quickFormat,
      int clusterSize,
      FormatCallback callback) {
    String fileSystem = WideString.read(format);
    Memory done = new Memory(1);
    Optional<FakeVolume> volume =
        windows.withVolume(WideString.read(driveRoot)).map(FakeDevices.OpenVolume::volume);
    boolean works = !windows.fails("FormatEx " + fileSystem) && volume.isPresent();
    if (works) {
      volume.get().fileSystem = fileSystem;
      volume.get().fileSystemLength = volume.get().length;
    }
    if (windows.formatReport.isPresent()) {
      callback.callback(windows.formatReport.getAsInt(), 0, done);
      works = false;
    }
    done.setByte(0, (byte) (works ? 1 : 0));
    callback.callback(FCC_DONE, 0, done);
  }
}
