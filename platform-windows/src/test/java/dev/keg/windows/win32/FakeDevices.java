package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import dev.keg.windows.win32.dll.GUID;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The answers of disks and volumes to DeviceIoControl; see {@link FakeWindows}. */
final class FakeDevices {
  private static final int FIRST_PARTITION = 48;
  private static final int PARTITION = 144;

  private static final List<String> GROWING = List.of("NTFS", "ReFS");

  private final FakeWindows windows;

  FakeDevices(FakeWindows windows) {
    this.windows = windows;
  }

  record OpenDisk(Path file, FakeWindows.Attachment attachment) {}

  record OpenVolume(FakeWindows.Attachment attachment, FakeVolume volume, int access) {
    OpenVolume with(int desiredAccess) {
      return new OpenVolume(attachment, volume, desiredAccess);
    }
  }

  record Buffers(@Nullable Pointer in, int inSize, @Nullable Pointer out, int outSize) {
    Pointer input(int size) {
      return checked(in, inSize, size);
    }

    Pointer output(int size) {
      return checked(out, outSize, size);
    }

    private static Pointer checked(@Nullable Pointer buffer, int actual, int wanted) {
      if (actual < wanted) {
        throw new AssertionError(
            "a buffer of " + actual + " bytes where " + wanted + " are wanted");
      }
      return Objects.requireNonNull(buffer);
    }
  }

  /** The system's volume is on disk 0; a drive without a disc is not ready. */
  int foreign(boolean ready, @Nullable Pointer out) {
    if (!ready || out == null) {
      return windows.failed(Win32Error.NOT_READY);
    }
    out.setInt(0, 1);
    out.setInt(8, 0);
    return 1;
  }

  int control(OpenDisk disk, int code, Buffers buffers) {
    try {
      return disk(disk, code, buffers) ? 1 : windows.failed(Win32Error.INVALID_PARAMETER);
    } catch (IOException _) {
      return windows.failed(FakeWindows.IO_DEVICE);
    }
  }

  private boolean disk(OpenDisk open, int code, Buffers buffers) throws IOException {
    FakeDisk disk = open.attachment().disk;
    switch (code) {
      case WinIoCtl.IOCTL_DISK_SET_DISK_ATTRIBUTES -> {
        return buffers.input(40).getInt(0) == 40;
      }
      case WinIoCtl.IOCTL_DISK_CREATE_DISK -> {
        disk.partitionTable = buffers.input(24).getInt(0) == WinIoCtl.PARTITION_STYLE_GPT;
        return !open.attachment().readOnly;
      }
      case WinIoCtl.IOCTL_DISK_UPDATE_PROPERTIES -> {
        return true;
      }
      case WinIoCtl.IOCTL_DISK_UPDATE_DRIVE_SIZE -> {
        buffers.output(24).setLong(0, 1);
        return true;
      }
      case WinIoCtl.IOCTL_DISK_GET_LENGTH_INFO -> {
        buffers.output(8).setLong(0, FakeDisk.size(open.file()));
        return true;
      }
      case WinIoCtl.IOCTL_DISK_SET_DRIVE_LAYOUT_EX -> {
        return partition(open, disk, buffers.input(192));
      }
      case WinIoCtl.IOCTL_DISK_GROW_PARTITION -> {
        Pointer growth = buffers.input(16);
        return grow(open, disk.volumes.get(growth.getInt(0) - 1), growth.getLong(8));
      }
      case WinIoCtl.IOCTL_DISK_GET_DRIVE_LAYOUT_EX -> {
        return layout(disk, buffers.output(FIRST_PARTITION + 128 * PARTITION));
      }
      case WinIoCtl.IOCTL_DISK_GET_DRIVE_GEOMETRY_EX -> {
        buffers.output(40).setInt(20, disk.sectorSize);
        return true;
      }
      case WinIoCtl.IOCTL_DISK_PERFORMANCE -> {
        Pointer out = buffers.output(88);
        out.setLong(0, 4096);
        out.setLong(8, 8192);
        out.setLong(16, 30_000);
        out.setLong(24, 50_000);
        out.setLong(32, 1_000_000);
        out.setInt(40, -1);
        out.setInt(44, 2);
        out.setLong(56, 1_070_000);
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private boolean partition(OpenDisk open, FakeDisk disk, Pointer layout) throws IOException {
    long start = layout.getLong(FIRST_PARTITION + 8);
    long length = layout.getLong(FIRST_PARTITION + 16);
    if (!disk.partitionTable || start + length > FakeDisk.size(open.file())) {
      return false;
    }
    disk.volumes.clear();
    disk.volumes.add(windows.volume(start, length));
    open.attachment().settled = false;
    return true;
  }

  private static boolean layout(FakeDisk disk, Pointer out) {
    out.setInt(0, WinIoCtl.PARTITION_STYLE_GPT);
    out.setInt(4, disk.volumes.size());
    for (int i = 0; i < disk.volumes.size(); i++) {
      FakeVolume volume = disk.volumes.get(i);
      Pointer entry = out.share(FIRST_PARTITION + (long) i * PARTITION);
      entry.setInt(0, WinIoCtl.PARTITION_STYLE_GPT);
      entry.setLong(8, volume.start);
      entry.setLong(16, volume.length);
      entry.setInt(24, i + 1);
      GUID type = GUID.of(volume.type);
      type.write();
      entry.write(32, type.getPointer().getByteArray(0, 16), 0, 16);
    }
    return true;
  }

  private static boolean grow(OpenDisk open, FakeVolume volume, long bytes) throws IOException {
    if (volume.start + volume.length + bytes > FakeDisk.size(open.file())) {
      return false;
    }
    volume.length += bytes;
    return true;
  }

  int control(OpenVolume open, int code, Buffers buffers) {
    FakeVolume volume = open.volume();
    return switch (code) {
      case WinIoCtl.IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS -> {
        Pointer out = buffers.output(32);
        out.setInt(0, 1);
        out.setInt(8, open.attachment().number);
        out.setLong(16, volume.start);
        out.setLong(24, volume.length);
        yield 1;
      }
      case WinIoCtl.IOCTL_DISK_GET_LENGTH_INFO -> {
        buffers.output(8).setLong(0, volume.length);
        yield 1;
      }
      case WinIoCtl.IOCTL_DISK_IS_WRITABLE ->
          open.attachment().readOnly ? windows.failed(Win32Error.WRITE_PROTECT) : 1;
      case WinIoCtl.FSCTL_LOCK_VOLUME ->
          volume.busy || volume.busyTries-- > 0 ? windows.failed(Win32Error.ACCESS_DENIED) : 1;
      case WinIoCtl.FSCTL_DISMOUNT_VOLUME -> {
        volume.busy = volume.busy && volume.reopened-- > 0;
        yield 1;
      }
      case WinIoCtl.IOCTL_DISK_GET_DRIVE_GEOMETRY_EX -> {
        buffers.output(40).setInt(20, open.attachment().disk.sectorSize);
        yield 1;
      }
      case WinIoCtl.FSCTL_SET_INTEGRITY_INFORMATION ->
          volume.fileSystem.equals("ReFS") && buffers.input(8).getShort(0) == 2
              ? 1
              : windows.failed(Win32Error.INVALID_PARAMETER);
      case WinIoCtl.FSCTL_EXTEND_VOLUME -> {
        long length = buffers.input(8).getLong(0) * open.attachment().disk.sectorSize;
        boolean possible =
            !volume.locked && length <= volume.length && GROWING.contains(volume.fileSystem);
        volume.fileSystemLength = possible ? length : volume.fileSystemLength;
        yield possible ? 1 : windows.failed(Win32Error.INVALID_PARAMETER);
      }
      default -> windows.failed(Win32Error.INVALID_PARAMETER);
    };
  }
}
