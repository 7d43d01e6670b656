package dev.keg.windows.win32.dll;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import java.util.UUID;

/** {@code winioctl.h}: the parameters of {@link Kernel32#DeviceIoControl} for disks and volumes. */
public final class WinIoCtl {
  public static final int IOCTL_DISK_SET_DISK_ATTRIBUTES = 0x0007c0f4;
  public static final int IOCTL_DISK_CREATE_DISK = 0x0007c058;
  public static final int IOCTL_DISK_PERFORMANCE = 0x00070020;
  public static final int IOCTL_DISK_UPDATE_PROPERTIES = 0x00070140;
  public static final int IOCTL_DISK_GET_LENGTH_INFO = 0x0007405c;
  public static final int IOCTL_DISK_SET_DRIVE_LAYOUT_EX = 0x0007c054;
  public static final int IOCTL_DISK_IS_WRITABLE = 0x00070024;
  public static final int IOCTL_DISK_GET_DRIVE_LAYOUT_EX = 0x00070050;
  public static final int IOCTL_DISK_GET_DRIVE_GEOMETRY_EX = 0x000700a0;
  public static final int IOCTL_DISK_UPDATE_DRIVE_SIZE = 0x0007c0c8;
  public static final int IOCTL_DISK_GROW_PARTITION = 0x0007c0d0;
  public static final int IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS = 0x00560000;
  public static final int FSCTL_LOCK_VOLUME = 0x00090018;
  public static final int FSCTL_DISMOUNT_VOLUME = 0x00090020;
  public static final int FSCTL_EXTEND_VOLUME = 0x000900f0;
  public static final int FSCTL_SET_INTEGRITY_INFORMATION = 0x0009c280;
  public static final int FSCTL_SET_REPARSE_POINT = 0x000900a4;
  public static final int FSCTL_GET_REPARSE_POINT = 0x000900a8;
  public static final int FSCTL_DELETE_REPARSE_POINT = 0x000900ac;

  public static final short CHECKSUM_TYPE_CRC64 = 2;
  public static final int IO_REPARSE_TAG_MOUNT_POINT = 0xa0000003;
  public static final int REPARSE_DATA_BUFFER_HEADER_SIZE = 8;
  public static final int MAXIMUM_REPARSE_DATA_BUFFER_SIZE = 16 << 10;

  public static final long DISK_ATTRIBUTE_OFFLINE = 1;
  public static final long DISK_ATTRIBUTE_READ_ONLY = 2;
  public static final int PARTITION_STYLE_MBR = 0;
  public static final int PARTITION_STYLE_GPT = 1;
  public static final UUID PARTITION_BASIC_DATA_GUID =
      UUID.fromString("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");
  public static final long GPT_BASIC_DATA_ATTRIBUTE_NO_DRIVE_LETTER = 0x8000000000000000L;

  private WinIoCtl() {}

  /** The first member is the structure's own size. */
  @FieldOrder({"Version", "Persist", "Reserved1", "Attributes", "AttributesMask", "Reserved2"})
  public static class SET_DISK_ATTRIBUTES extends Structure {
    public int Version;
    public byte Persist;
    public byte[] Reserved1 = new byte[3];
    public long Attributes;
    public long AttributesMask;
    public int[] Reserved2 = new int[4];
  }

  /** The parameters of a new, empty GUID partition table. */
  @FieldOrder({"PartitionStyle", "Gpt"})
  public static class CREATE_DISK extends Structure {
    public int PartitionStyle;
    public CREATE_DISK_GPT Gpt = new CREATE_DISK_GPT();
  }

  /** The disk's id and the greatest number of partitions. */
  @FieldOrder({"DiskId", "MaxPartitionCount"})
  public static class CREATE_DISK_GPT extends Structure {
    public GUID DiskId = new GUID();
    public int MaxPartitionCount;
  }

  /** A partition table with one entry. */
  @FieldOrder({"PartitionStyle", "PartitionCount", "Gpt", "PartitionEntry"})
  public static class DRIVE_LAYOUT_INFORMATION_EX extends Structure {
    public int PartitionStyle;
    public int PartitionCount;
    public DRIVE_LAYOUT_INFORMATION_GPT Gpt = new DRIVE_LAYOUT_INFORMATION_GPT();
    public PARTITION_INFORMATION_EX[] PartitionEntry = {new PARTITION_INFORMATION_EX()};
  }

  /** The table as a whole. */
  @FieldOrder({"DiskId", "StartingUsableOffset", "UsableLength", "MaxPartitionCount"})
  public static class DRIVE_LAYOUT_INFORMATION_GPT extends Structure {
    public GUID DiskId = new GUID();
    public long StartingUsableOffset;
    public long UsableLength;
    public int MaxPartitionCount;
  }

  /** One partition. */
  @FieldOrder({
    "PartitionStyle",
    "StartingOffset",
    "PartitionLength",
    "PartitionNumber",
    "RewritePartition",
    "Gpt"
  })
  public static class PARTITION_INFORMATION_EX extends Structure {
    public int PartitionStyle;
    public long StartingOffset;
    public long PartitionLength;
    public int PartitionNumber;
    public byte RewritePartition;
    public PARTITION_INFORMATION_GPT Gpt = new PARTITION_INFORMATION_GPT();

    public PARTITION_INFORMATION_EX() {}

    private PARTITION_INFORMATION_EX(Pointer entry) {
      super(entry);
    }

    /** Reads one entry of a table. */
    public static PARTITION_INFORMATION_EX at(Pointer entry) {
      var partition = new PARTITION_INFORMATION_EX(entry);
      partition.read();
      return partition;
    }
  }

  /**
   * The entry of a GUID partition table; the name is 36 characters of UTF-16. For a partition in a
   * master boot record, the first byte is the type.
   */
  @FieldOrder({"PartitionType", "PartitionId", "Attributes", "Name"})
  public static class PARTITION_INFORMATION_GPT extends Structure {
    public GUID PartitionType = new GUID();
    public GUID PartitionId = new GUID();
    public long Attributes;
    public short[] Name = new short[36];
  }

  /** The bytes to add to a partition. */
  @FieldOrder({"PartitionNumber", "BytesToGrow"})
  public static class DISK_GROW_PARTITION extends Structure {
    public int PartitionNumber;
    public long BytesToGrow;
  }

  /** The extents of a volume; those of Keg have one. */
  @FieldOrder({"NumberOfDiskExtents", "Extents"})
  public static class VOLUME_DISK_EXTENTS extends Structure {
    public int NumberOfDiskExtents;
    public DISK_EXTENT[] Extents = {new DISK_EXTENT()};
  }

  /** A range of a disk. */
  @FieldOrder({"DiskNumber", "StartingOffset", "ExtentLength"})
  public static class DISK_EXTENT extends Structure {
    public int DiskNumber;
    public long StartingOffset;
    public long ExtentLength;
  }

  /** The former addressing of disks, which {@link #IOCTL_DISK_UPDATE_DRIVE_SIZE} still returns. */
  @FieldOrder({"Cylinders", "MediaType", "TracksPerCylinder", "SectorsPerTrack", "BytesPerSector"})
  public static class DISK_GEOMETRY extends Structure {
    public long Cylinders;
    public int MediaType;
    public int TracksPerCylinder;
    public int SectorsPerTrack;
    public int BytesPerSector;
  }

  /** The geometry of a disk, of which only the size of a sector is still used. */
  @FieldOrder({"Geometry", "DiskSize", "Data"})
  public static class DISK_GEOMETRY_EX extends Structure {
    public DISK_GEOMETRY Geometry = new DISK_GEOMETRY();
    public long DiskSize;
    public byte[] Data = new byte[8];
  }

  /** The checksums that ReFS maintains for a file, or for the new files of a directory. */
  @FieldOrder({"ChecksumAlgorithm", "Reserved", "Flags"})
  public static class FSCTL_SET_INTEGRITY_INFORMATION_BUFFER extends Structure {
    public short ChecksumAlgorithm;
    public short Reserved;
    public int Flags;
  }

  /** A disk's activity since Windows began to count; times are in units of 100 ns. */
  @FieldOrder({
    "BytesRead",
    "BytesWritten",
    "ReadTime",
    "WriteTime",
    "IdleTime",
    "ReadCount",
    "WriteCount",
    "QueueDepth",
    "SplitCount",
    "QueryTime",
    "StorageDeviceNumber",
    "StorageManagerName"
  })
  public static class DISK_PERFORMANCE extends Structure {
    public long BytesRead;
    public long BytesWritten;
    public long ReadTime;
    public long WriteTime;
    public long IdleTime;
    public int ReadCount;
    public int WriteCount;
    public int QueueDepth;
    public int SplitCount;
    public long QueryTime;
    public int StorageDeviceNumber;
    public short[] StorageManagerName = new short[8];
  }

  /** The size of a disk or volume. */
  @FieldOrder({"Length"})
  public static class GET_LENGTH_INFORMATION extends Structure {
    public long Length;
  }
}
