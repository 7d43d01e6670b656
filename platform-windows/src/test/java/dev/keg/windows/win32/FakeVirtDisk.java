package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.volume.Size;
import dev.keg.windows.win32.dll.VirtDisk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** VirtDisk as documented; see {@link FakeWindows}. */
final class FakeVirtDisk implements VirtDisk {
  private final FakeWindows windows;
  private final DiskWriter writer = new DiskWriter(UUID::randomUUID, Clock.systemUTC());

  FakeVirtDisk(FakeWindows windows) {
    this.windows = windows;
  }

  private record Opened(Path file, boolean infoOnly) {}

  @FunctionalInterface
  private interface Work {
    int run() throws IOException;
  }

  private static int coded(Work work) {
    try {
      return work.run();
    } catch (FileAlreadyExistsException _) {
      return Win32Error.FILE_EXISTS;
    } catch (NoSuchFileException _) {
      return Win32Error.FILE_NOT_FOUND;
    } catch (DiskException e) {
      return code(e.why());
    } catch (InvalidSize _) {
      return Win32Error.VHD_INVALID_SIZE;
    } catch (IOException _) {
      return FakeWindows.IO_DEVICE;
    }
  }

  private static int code(String why) {
    if (why.contains("is missing")) {
      return Win32Error.VHD_PARENT_NOT_FOUND;
    }
    if (why.contains("was replaced or written")) {
      return Win32Error.VHD_PARENT_ID_MISMATCH;
    }
    return why.contains("comes back") ? Win32Error.VHD_CHAIN_CYCLE : Win32Error.VHD_FORMAT_UNKNOWN;
  }

  @Override
  public int CreateVirtualDisk(
      VIRTUAL_STORAGE_TYPE virtualStorageType,
      Pointer path,
      int virtualDiskAccessMask,
      @Nullable Pointer securityDescriptor,
      int flags,
      int providerSpecificFlags,
      CREATE_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped,
      PointerByReference handle) {
    Path file = Path.of(WideString.read(path));
    if (windows.fails(
        "CreateVirtualDisk " + file.getFileName() + " flags " + flags + blocks(parameters))) {
      return FakeWindows.IO_DEVICE;
    }
    if (parameters.Version != CREATE_VIRTUAL_DISK_VERSION_2 || virtualDiskAccessMask != 0) {
      return Win32Error.INVALID_PARAMETER;
    }
    Optional<Pointer> parent = Optional.ofNullable(parameters.Version2.ParentPath);
    return coded(
        () -> {
          if (parent.isPresent()) {
            return child(file, Path.of(WideString.read(parent.get())), parameters, handle);
          }
          boolean fixed = (flags & CREATE_VIRTUAL_DISK_FLAG_FULL_PHYSICAL_ALLOCATION) != 0;
          writer.blank(
              file,
              new BlankDisk(
                  format(file),
                  fixed ? DiskKind.FIXED : DiskKind.DYNAMIC,
                  new Size(parameters.Version2.MaximumSize),
                  parameters.Version2.SectorSizeInBytes));
          handle.setValue(windows.open(new Opened(file, false)));
          return Win32Error.SUCCESS;
        });
  }

  private static String blocks(CREATE_VIRTUAL_DISK_PARAMETERS parameters) {
    int size = parameters.Version2.BlockSizeInBytes;
    return size == 0 ? "" : " block " + size;
  }

  private int child(
      Path file, Path parent, CREATE_VIRTUAL_DISK_PARAMETERS parameters, PointerByReference handle)
      throws IOException {
    if (parameters.Version2.MaximumSize != 0) {
      return Win32Error.INVALID_PARAMETER;
    }
    if (windows.attachments.containsKey(parent)) {
      return Win32Error.SHARING_VIOLATION;
    }
    writer.differencing(file, parent);
    windows.inherit(file, parent);
    handle.setValue(windows.open(new Opened(file, false)));
    return Win32Error.SUCCESS;
  }

  /** Windows uses the extension if the storage type is unknown. */
  private static DiskFormat format(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".vhdx")
        ? DiskFormat.VHDX
        : DiskFormat.VHD;
  }

  @Override
  public int OpenVirtualDisk(
      VIRTUAL_STORAGE_TYPE virtualStorageType,
      Pointer path,
      int virtualDiskAccessMask,
      int flags,
      OPEN_VIRTUAL_DISK_PARAMETERS parameters,
      PointerByReference handle) {
    Path file = Path.of(WideString.read(path));
    if (windows.fails("OpenVirtualDisk " + file.getFileName())) {
      return FakeWindows.IO_DEVICE;
    }
    if (parameters.Version != OPEN_VIRTUAL_DISK_VERSION_2 || virtualDiskAccessMask != 0) {
      return Win32Error.INVALID_PARAMETER;
    }
    boolean infoOnly = parameters.Version2.GetInfoOnly != 0;
    return coded(
        () -> {
          if (!Files.exists(file)) {
            return Win32Error.FILE_NOT_FOUND;
          }
          DiskFormat format = infoOnly ? DiskFormat.of(file) : DiskChain.of(file).top().format();
          if (format != format(file)) {
            return Win32Error.VHD_FORMAT_UNKNOWN;
          }
          handle.setValue(windows.open(new Opened(file, infoOnly)));
          return Win32Error.SUCCESS;
        });
  }

  /** The file of a handle with more than query access. */
  private Optional<Path> opened(Pointer virtualDisk) {
    return windows
        .handle(virtualDisk, Opened.class)
        .filter(opened -> !opened.infoOnly())
        .map(Opened::file);
  }

  @Override
  public int AttachVirtualDisk(
      Pointer virtualDisk,
      @Nullable Pointer securityDescriptor,
      int flags,
      int providerSpecificFlags,
      ATTACH_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped) {
    if (windows.fails("AttachVirtualDisk flags " + flags)) {
      return FakeWindows.IO_DEVICE;
    }
    Optional<Path> file = opened(virtualDisk);
    if (file.isEmpty() || parameters.Version != ATTACH_VIRTUAL_DISK_VERSION_1) {
      return Win32Error.INVALID_PARAMETER;
    }
    if (!windows.mayManageVolumes) {
      return Win32Error.PRIVILEGE_NOT_HELD;
    }
    if (windows.attachments.containsKey(file.get())) {
      return Win32Error.SHARING_VIOLATION;
    }
    return coded(
        () -> {
          windows.attach(
              file.get(),
              (flags & ATTACH_VIRTUAL_DISK_FLAG_PERMANENT_LIFETIME) != 0,
              (flags & ATTACH_VIRTUAL_DISK_FLAG_READ_ONLY) != 0,
              virtualDisk);
          return Win32Error.SUCCESS;
        });
  }

  @Override
  public int DetachVirtualDisk(Pointer virtualDisk, int flags, int providerSpecificFlags) {
    if (windows.fails("DetachVirtualDisk")) {
      return FakeWindows.IO_DEVICE;
    }
    Optional<Path> file = opened(virtualDisk);
    if (file.isEmpty()) {
      return Win32Error.INVALID_PARAMETER;
    }
    if (!windows.attachments.containsKey(file.get())) {
      return Win32Error.NOT_READY;
    }
    windows.detach(file.get());
    return Win32Error.SUCCESS;
  }

  @Override
  public int ExpandVirtualDisk(
      Pointer virtualDisk,
      int flags,
      EXPAND_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped) {
    if (windows.fails("ExpandVirtualDisk " + parameters.NewSize)) {
      return FakeWindows.IO_DEVICE;
    }
    Optional<Path> file = opened(virtualDisk);
    if (file.isEmpty() || parameters.Version != EXPAND_VIRTUAL_DISK_VERSION_1) {
      return Win32Error.INVALID_PARAMETER;
    }
    if (windows.attachments.containsKey(file.get())) {
      return Win32Error.VHD_INVALID_STATE;
    }
    return coded(
        () -> {
          if (parameters.NewSize <= FakeDisk.size(file.get())) {
            return Win32Error.VHD_INVALID_SIZE;
          }
          FakeDisk.resize(file.get(), parameters.NewSize);
          return Win32Error.SUCCESS;
        });
  }

  @Override
  public int CompactVirtualDisk(
      Pointer virtualDisk,
      int flags,
      COMPACT_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped) {
    if (windows.fails("CompactVirtualDisk flags " + flags)) {
      return FakeWindows.IO_DEVICE;
    }
    Optional<Path> file = opened(virtualDisk);
    if (file.isEmpty() || parameters.Version != COMPACT_VIRTUAL_DISK_VERSION_1) {
      return Win32Error.INVALID_PARAMETER;
    }
    FakeWindows.Attachment attached = windows.attachments.get(file.get());
    return attached == null || attached.readOnly
        ? Win32Error.SUCCESS
        : Win32Error.VHD_INVALID_STATE;
  }

  @Override
  public int GetVirtualDiskInformation(
      Pointer virtualDisk,
      IntByReference virtualDiskInfoSize,
      GET_VIRTUAL_DISK_INFO virtualDiskInfo,
      @Nullable IntByReference sizeUsed) {
    if (windows.fails("GetVirtualDiskInformation " + virtualDiskInfo.Version)) {
      return FakeWindows.IO_DEVICE;
    }
    Optional<Path> file = windows.handle(virtualDisk, Opened.class).map(Opened::file);
    if (file.isEmpty() || virtualDiskInfoSize.getValue() < 32) {
      return Win32Error.INVALID_PARAMETER;
    }
    return coded(
        () -> {
          Pointer answer = virtualDiskInfo.Info.getPointer();
          switch (virtualDiskInfo.Version) {
            case GET_VIRTUAL_DISK_INFO_SIZE -> answer.setLong(0, FakeDisk.size(file.get()));
            case GET_VIRTUAL_DISK_INFO_IS_LOADED ->
                answer.setInt(0, windows.attachments.containsKey(file.get()) ? 1 : 0);
            default -> {
              return Win32Error.INVALID_PARAMETER;
            }
          }
          return Win32Error.SUCCESS;
        });
  }

  @Override
  public int GetVirtualDiskPhysicalPath(
      Pointer virtualDisk, IntByReference diskPathSizeInBytes, Pointer diskPath) {
    if (windows.fails("GetVirtualDiskPhysicalPath")) {
      return FakeWindows.IO_DEVICE;
    }
    Optional<FakeWindows.Attachment> attachment =
        windows
            .handle(virtualDisk, Opened.class)
            .map(opened -> windows.attachments.get(opened.file()));
    if (attachment.isEmpty()) {
      return Win32Error.NOT_READY;
    }
    Memory path = WideString.of("\\\\.\\PhysicalDrive" + attachment.get().number);
    int length = (int) path.size();
    if (diskPathSizeInBytes.getValue() < length) {
      return Win32Error.INSUFFICIENT_BUFFER;
    }
    diskPath.write(0, path.getByteArray(0, length), 0, length);
    return Win32Error.SUCCESS;
  }
}
