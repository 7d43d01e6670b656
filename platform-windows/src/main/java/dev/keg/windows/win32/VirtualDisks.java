package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskKind;
import dev.keg.volume.Size;
import dev.keg.windows.win32.dll.VirtDisk;
import dev.keg.windows.win32.dll.VirtDisk.ATTACH_VIRTUAL_DISK_PARAMETERS;
import dev.keg.windows.win32.dll.VirtDisk.COMPACT_VIRTUAL_DISK_PARAMETERS;
import dev.keg.windows.win32.dll.VirtDisk.CREATE_VIRTUAL_DISK_PARAMETERS;
import dev.keg.windows.win32.dll.VirtDisk.EXPAND_VIRTUAL_DISK_PARAMETERS;
import dev.keg.windows.win32.dll.VirtDisk.GET_VIRTUAL_DISK_INFO;
import dev.keg.windows.win32.dll.VirtDisk.OPEN_VIRTUAL_DISK_PARAMETERS;
import dev.keg.windows.win32.dll.VirtDisk.VIRTUAL_STORAGE_TYPE;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Virtual disks in VHDX and VHD files. Parameters have version 2, which requires an empty access
 * mask. Windows relies on the file's extension.
 */
public final class VirtualDisks {
  private static final int LONGEST_DEVICE = 64;

  private final Dlls dlls;

  public VirtualDisks(Dlls dlls) {
    this.dlls = dlls;
  }

  /** Whether an attached disk can be written to. */
  public enum Access {
    READ_WRITE,
    READ_ONLY
  }

  /** A disk that is attached until this is closed or the process ends. */
  public interface AttachedDisk extends AutoCloseable {
    PhysicalDisk disk();

    /**
     * Returns unused blocks to the file system that contains the file. For a disk attached
     * read-only, Windows asks NTFS which blocks are unused.
     */
    void compact(Effort effort) throws Win32Exception;

    @Override
    void close();
  }

  /** Creates an empty disk. */
  public void create(Path file, BlankDisk disk) throws Win32Exception {
    create(file, disk, 0);
  }

  /** The same with blocks of this size, in which a dynamic disk grows; 0 leaves it to Windows. */
  public void create(Path file, BlankDisk disk, int blockSize) throws Win32Exception {
    var parameters = new CREATE_VIRTUAL_DISK_PARAMETERS();
    parameters.Version2.BlockSizeInBytes = blockSize;
    parameters.Version2.MaximumSize = disk.size().bytes();
    parameters.Version2.SectorSizeInBytes = disk.sectorSize();
    create(
        file,
        parameters,
        disk.kind() == DiskKind.FIXED
            ? VirtDisk.CREATE_VIRTUAL_DISK_FLAG_FULL_PHYSICAL_ALLOCATION
            : VirtDisk.CREATE_VIRTUAL_DISK_FLAG_NONE);
  }

  /** Creates a differencing disk. Its parent must not change afterwards. */
  public void differencing(Path file, Path parent) throws Win32Exception {
    var parameters = new CREATE_VIRTUAL_DISK_PARAMETERS();
    parameters.Version2.ParentPath = WideString.of(parent);
    parameters.Version2.OpenFlags = VirtDisk.OPEN_VIRTUAL_DISK_FLAG_CACHED_IO;
    create(file, parameters, VirtDisk.CREATE_VIRTUAL_DISK_FLAG_NONE);
  }

  private void create(Path file, CREATE_VIRTUAL_DISK_PARAMETERS parameters, int flags)
      throws Win32Exception {
    parameters.Version = VirtDisk.CREATE_VIRTUAL_DISK_VERSION_2;
    var handle = new PointerByReference();
    check(
        "CreateVirtualDisk",
        file,
        dlls.virtDisk()
            .CreateVirtualDisk(
                new VIRTUAL_STORAGE_TYPE(),
                WideString.of(file),
                VirtDisk.VIRTUAL_DISK_ACCESS_NONE,
                null,
                flags,
                0,
                parameters,
                null,
                handle));
    new Handle(dlls, file.toString(), handle.getValue()).close();
  }

  /** Attaches a disk until it is detached or Windows reboots. */
  public PhysicalDisk attach(Path file, Access access) throws Win32Exception {
    try (Handle disk = open(file, false)) {
      attach(file, disk, access, VirtDisk.ATTACH_VIRTUAL_DISK_FLAG_PERMANENT_LIFETIME);
      return physicalOrDetached(file, disk);
    }
  }

  /** Detaches a disk whose device is unknown, since nobody would find it. */
  private PhysicalDisk physicalOrDetached(Path file, Handle disk) throws Win32Exception {
    try {
      return physical(file, disk);
    } catch (Win32Exception e) {
      int code = dlls.virtDisk().DetachVirtualDisk(disk.value(), 0, 0);
      if (code != Win32Error.SUCCESS) {
        e.addSuppressed(new Win32Exception("DetachVirtualDisk", file.toString(), code));
      }
      throw e;
    }
  }

  /** Attaches a disk until the result is closed. */
  public AttachedDisk hold(Path file) throws Win32Exception {
    return hold(file, Access.READ_WRITE);
  }

  public AttachedDisk hold(Path file, Access access) throws Win32Exception {
    Handle disk = open(file, false);
    try {
      attach(file, disk, access, 0);
      return new HeldHandle(this, file, physical(file, disk), disk);
    } catch (Win32Exception e) {
      disk.close();
      throw e;
    }
  }

  private record HeldHandle(VirtualDisks disks, Path file, PhysicalDisk disk, Handle handle)
      implements AttachedDisk {
    @Override
    public void compact(Effort effort) throws Win32Exception {
      disks.compact(file, handle, effort);
    }

    @Override
    public void close() {
      handle.close();
    }
  }

  private void attach(Path file, Handle disk, Access access, int lifetime) throws Win32Exception {
    var parameters = new ATTACH_VIRTUAL_DISK_PARAMETERS();
    parameters.Version = VirtDisk.ATTACH_VIRTUAL_DISK_VERSION_1;
    int flags = lifetime | VirtDisk.ATTACH_VIRTUAL_DISK_FLAG_NO_DRIVE_LETTER;
    if (access == Access.READ_ONLY) {
      flags |= VirtDisk.ATTACH_VIRTUAL_DISK_FLAG_READ_ONLY;
    }
    new Privileges(dlls).enable(Privileges.MANAGE_VOLUME);
    check(
        "AttachVirtualDisk",
        file,
        dlls.virtDisk().AttachVirtualDisk(disk.value(), null, flags, 0, parameters, null));
  }

  /** The disk, if it is attached. */
  public Optional<PhysicalDisk> attached(Path file) throws Win32Exception {
    try (Handle disk = open(file, true)) {
      GET_VIRTUAL_DISK_INFO info = info(file, disk, VirtDisk.GET_VIRTUAL_DISK_INFO_IS_LOADED);
      info.Info.readField("IsLoaded");
      return info.Info.IsLoaded == 0 ? Optional.empty() : Optional.of(physical(file, disk));
    }
  }

  /** Detaches a disk, whoever attached it. */
  public void detach(Path file) throws Win32Exception {
    try (Handle disk = open(file, false)) {
      check("DetachVirtualDisk", file, dlls.virtDisk().DetachVirtualDisk(disk.value(), 0, 0));
    }
  }

  /** The size of the disk, not of its file. */
  public Size size(Path file) throws Win32Exception {
    try (Handle disk = open(file, true)) {
      GET_VIRTUAL_DISK_INFO info = info(file, disk, VirtDisk.GET_VIRTUAL_DISK_INFO_SIZE);
      info.Info.readField("Size");
      return new Size(info.Info.Size.VirtualSize);
    }
  }

  public void expand(Path file, Size size) throws Win32Exception {
    var parameters = new EXPAND_VIRTUAL_DISK_PARAMETERS();
    parameters.Version = VirtDisk.EXPAND_VIRTUAL_DISK_VERSION_1;
    parameters.NewSize = size.bytes();
    try (Handle disk = open(file, false)) {
      check(
          "ExpandVirtualDisk",
          file,
          dlls.virtDisk().ExpandVirtualDisk(disk.value(), 0, parameters, null));
    }
  }

  /** How thorough compacting is. */
  public enum Effort {
    /** Blocks that the file system does not use. */
    QUICK(VirtDisk.COMPACT_VIRTUAL_DISK_FLAG_NO_ZERO_SCAN),
    /** Also blocks of zeros, which requires reading the whole disk. */
    FULL(VirtDisk.COMPACT_VIRTUAL_DISK_FLAG_NONE);

    private final int flags;

    Effort(int flags) {
      this.flags = flags;
    }
  }

  /** Returns blocks of zeros of a dynamic disk that is not attached. */
  public void compact(Path file) throws Win32Exception {
    try (Handle disk = open(file, false)) {
      compact(file, disk, Effort.FULL);
    }
  }

  private void compact(Path file, Handle disk, Effort effort) throws Win32Exception {
    var parameters = new COMPACT_VIRTUAL_DISK_PARAMETERS();
    parameters.Version = VirtDisk.COMPACT_VIRTUAL_DISK_VERSION_1;
    check(
        "CompactVirtualDisk",
        file,
        dlls.virtDisk().CompactVirtualDisk(disk.value(), effort.flags, parameters, null));
  }

  // The relative path of a parent is used, because a home is created in one directory and then
  // renamed.
  private Handle open(Path file, boolean infoOnly) throws Win32Exception {
    var parameters = new OPEN_VIRTUAL_DISK_PARAMETERS();
    parameters.Version = VirtDisk.OPEN_VIRTUAL_DISK_VERSION_2;
    parameters.Version2.GetInfoOnly = infoOnly ? 1 : 0;
    var handle = new PointerByReference();
    check(
        "OpenVirtualDisk",
        file,
        dlls.virtDisk()
            .OpenVirtualDisk(
                new VIRTUAL_STORAGE_TYPE(),
                WideString.of(file),
                VirtDisk.VIRTUAL_DISK_ACCESS_NONE,
                infoOnly
                    ? VirtDisk.OPEN_VIRTUAL_DISK_FLAG_NONE
                    : VirtDisk.OPEN_VIRTUAL_DISK_FLAG_CACHED_IO,
                parameters,
                handle));
    return new Handle(dlls, file.toString(), handle.getValue());
  }

  private GET_VIRTUAL_DISK_INFO info(Path file, Handle disk, int version) throws Win32Exception {
    var info = new GET_VIRTUAL_DISK_INFO();
    info.Version = version;
    check(
        "GetVirtualDiskInformation",
        file,
        dlls.virtDisk()
            .GetVirtualDiskInformation(disk.value(), new IntByReference(info.size()), info, null));
    return info;
  }

  private PhysicalDisk physical(Path file, Handle disk) throws Win32Exception {
    Memory path = WideString.allocate(LONGEST_DEVICE);
    check(
        "GetVirtualDiskPhysicalPath",
        file,
        dlls.virtDisk()
            .GetVirtualDiskPhysicalPath(
                disk.value(), new IntByReference(2 * LONGEST_DEVICE), path));
    return PhysicalDisk.ofPath(WideString.read(path));
  }

  private static void check(String call, Path file, int code) throws Win32Exception {
    if (code != Win32Error.SUCCESS) {
      throw new Win32Exception(call, file.toString(), code);
    }
  }
}
