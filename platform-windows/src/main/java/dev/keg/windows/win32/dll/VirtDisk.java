package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.Union;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code virtdisk.dll}, from {@code virtdisk.h} of the Windows SDK. (The header of mingw-w64 lacks
 * members.) Each function returns its error code; none sets the last error.
 */
public interface VirtDisk extends Library {
  int VIRTUAL_STORAGE_TYPE_DEVICE_VHD = 2;
  int VIRTUAL_STORAGE_TYPE_DEVICE_VHDX = 3;
  UUID VIRTUAL_STORAGE_TYPE_VENDOR_MICROSOFT =
      UUID.fromString("ec984aec-a0f9-47e9-901f-71415a66345b");

  /** Version-2 parameters require this mask; any other mask is an invalid parameter. */
  int VIRTUAL_DISK_ACCESS_NONE = 0;

  int CREATE_VIRTUAL_DISK_VERSION_2 = 2;
  int CREATE_VIRTUAL_DISK_FLAG_NONE = 0;
  int CREATE_VIRTUAL_DISK_FLAG_FULL_PHYSICAL_ALLOCATION = 1;

  int OPEN_VIRTUAL_DISK_VERSION_2 = 2;
  int OPEN_VIRTUAL_DISK_FLAG_NONE = 0;
  int OPEN_VIRTUAL_DISK_FLAG_CACHED_IO = 8;

  int ATTACH_VIRTUAL_DISK_VERSION_1 = 1;
  int ATTACH_VIRTUAL_DISK_FLAG_READ_ONLY = 1;
  int ATTACH_VIRTUAL_DISK_FLAG_NO_DRIVE_LETTER = 2;

  /** Without it, the disk is detached when the process ends. */
  int ATTACH_VIRTUAL_DISK_FLAG_PERMANENT_LIFETIME = 4;

  int EXPAND_VIRTUAL_DISK_VERSION_1 = 1;
  int COMPACT_VIRTUAL_DISK_VERSION_1 = 1;
  int COMPACT_VIRTUAL_DISK_FLAG_NONE = 0;
  int COMPACT_VIRTUAL_DISK_FLAG_NO_ZERO_SCAN = 1;

  int GET_VIRTUAL_DISK_INFO_SIZE = 1;
  int GET_VIRTUAL_DISK_INFO_IS_LOADED = 13;

  int CreateVirtualDisk(
      VIRTUAL_STORAGE_TYPE virtualStorageType,
      Pointer path,
      int virtualDiskAccessMask,
      @Nullable Pointer securityDescriptor,
      int flags,
      int providerSpecificFlags,
      CREATE_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped,
      PointerByReference handle);

  int OpenVirtualDisk(
      VIRTUAL_STORAGE_TYPE virtualStorageType,
      Pointer path,
      int virtualDiskAccessMask,
      int flags,
      OPEN_VIRTUAL_DISK_PARAMETERS parameters,
      PointerByReference handle);

  int AttachVirtualDisk(
      Pointer virtualDisk,
      @Nullable Pointer securityDescriptor,
      int flags,
      int providerSpecificFlags,
      ATTACH_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped);

  int DetachVirtualDisk(Pointer virtualDisk, int flags, int providerSpecificFlags);

  int ExpandVirtualDisk(
      Pointer virtualDisk,
      int flags,
      EXPAND_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped);

  int CompactVirtualDisk(
      Pointer virtualDisk,
      int flags,
      COMPACT_VIRTUAL_DISK_PARAMETERS parameters,
      @Nullable Pointer overlapped);

  int GetVirtualDiskInformation(
      Pointer virtualDisk,
      IntByReference virtualDiskInfoSize,
      GET_VIRTUAL_DISK_INFO virtualDiskInfo,
      @Nullable IntByReference sizeUsed);

  int GetVirtualDiskPhysicalPath(
      Pointer virtualDisk, IntByReference diskPathSizeInBytes, Pointer diskPath);

  /** The provider. With zeros, Windows relies on the file's extension. */
  @FieldOrder({"DeviceId", "VendorId"})
  class VIRTUAL_STORAGE_TYPE extends Structure {
    public int DeviceId;
    public GUID VendorId = new GUID();
  }

  /** Version 2; the union's longer versions follow as reserved bytes. */
  @FieldOrder({"Version", "Version2", "reserved"})
  class CREATE_VIRTUAL_DISK_PARAMETERS extends Structure {
    public int Version;
    public CreateVersion2 Version2 = new CreateVersion2();
    public byte[] reserved = new byte[56];
  }

  /** The second version of the parameters of {@link #CreateVirtualDisk}. */
  @FieldOrder({
    "UniqueId",
    "MaximumSize",
    "BlockSizeInBytes",
    "SectorSizeInBytes",
    "PhysicalSectorSizeInBytes",
    "ParentPath",
    "SourcePath",
    "OpenFlags",
    "ParentVirtualStorageType",
    "SourceVirtualStorageType",
    "ResiliencyGuid"
  })
  class CreateVersion2 extends Structure {
    public GUID UniqueId = new GUID();
    public long MaximumSize;
    public int BlockSizeInBytes;
    public int SectorSizeInBytes;
    public int PhysicalSectorSizeInBytes;
    public @Nullable Pointer ParentPath;
    public @Nullable Pointer SourcePath;
    public int OpenFlags;
    public VIRTUAL_STORAGE_TYPE ParentVirtualStorageType = new VIRTUAL_STORAGE_TYPE();
    public VIRTUAL_STORAGE_TYPE SourceVirtualStorageType = new VIRTUAL_STORAGE_TYPE();
    public GUID ResiliencyGuid = new GUID();
  }

  /** Version 2; the union's longer version follows as reserved bytes. */
  @FieldOrder({"Version", "Version2", "reserved"})
  class OPEN_VIRTUAL_DISK_PARAMETERS extends Structure {
    public int Version;
    public OpenVersion2 Version2 = new OpenVersion2();
    public byte[] reserved = new byte[16];
  }

  /** The second version of the parameters of {@link #OpenVirtualDisk}. */
  @FieldOrder({"GetInfoOnly", "ReadOnly", "ResiliencyGuid"})
  class OpenVersion2 extends Structure {
    public int GetInfoOnly;
    public int ReadOnly;
    public GUID ResiliencyGuid = new GUID();
  }

  /** Version 1, in the size of the union. */
  @FieldOrder({"Version", "Reserved", "RestrictedLength"})
  class ATTACH_VIRTUAL_DISK_PARAMETERS extends Structure {
    public int Version;
    public long Reserved;
    public long RestrictedLength;
  }

  /** The new size. */
  @FieldOrder({"Version", "NewSize"})
  class EXPAND_VIRTUAL_DISK_PARAMETERS extends Structure {
    public int Version;
    public long NewSize;
  }

  /** Only the version. */
  @FieldOrder({"Version", "Reserved"})
  class COMPACT_VIRTUAL_DISK_PARAMETERS extends Structure {
    public int Version;
    public int Reserved;
  }

  /** The answer of {@link #GetVirtualDiskInformation}; the version selects the question. */
  @FieldOrder({"Version", "Info"})
  class GET_VIRTUAL_DISK_INFO extends Structure {
    public int Version;
    public DiskInfo Info = new DiskInfo();
  }

  /** The answers that Keg uses; the version selects one. */
  class DiskInfo extends Union {
    public DiskSize Size = new DiskSize();
    public int IsLoaded;
  }

  /** The answer to {@link #GET_VIRTUAL_DISK_INFO_SIZE}. */
  @FieldOrder({"VirtualSize", "PhysicalSize", "BlockSize", "SectorSize"})
  class DiskSize extends Structure {
    public long VirtualSize;
    public long PhysicalSize;
    public int BlockSize;
    public int SectorSize;
  }
}
