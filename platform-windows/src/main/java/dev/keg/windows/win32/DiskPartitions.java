package dev.keg.windows.win32;

import dev.keg.windows.win32.WinIoCtl.CREATE_DISK;
import dev.keg.windows.win32.WinIoCtl.DISK_GEOMETRY;
import dev.keg.windows.win32.WinIoCtl.DISK_GROW_PARTITION;
import dev.keg.windows.win32.WinIoCtl.DRIVE_LAYOUT_INFORMATION_EX;
import dev.keg.windows.win32.WinIoCtl.GET_LENGTH_INFORMATION;
import dev.keg.windows.win32.WinIoCtl.PARTITION_INFORMATION_EX;
import dev.keg.windows.win32.WinIoCtl.SET_DISK_ATTRIBUTES;
import java.util.UUID;

/** The partition table of an attached disk: one partition of basic data, as large as fits. */
public final class DiskPartitions {
  private static final int READ_WRITE = Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE;
  private static final long ALIGNMENT = 1L << 20;
  private static final int MOST_PARTITIONS = 128;

  /** The copy of the table at the end: a header and 32 sectors of entries, of 512 bytes. */
  private static final long TABLE_COPY = 33 * 512;

  private final Dlls dlls;

  public DiskPartitions(Dlls dlls) {
    this.dlls = dlls;
  }

  /** Takes a disk online; by its policy for storage networks a server may leave new disks off. */
  public void online(PhysicalDisk disk, VirtualDisks.Access access) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, disk.path(), READ_WRITE)) {
      online(handle, access == VirtualDisks.Access.READ_WRITE);
    }
  }

  private static void online(Handle disk, boolean writable) throws Win32Exception {
    var attributes = new SET_DISK_ATTRIBUTES();
    attributes.Version = attributes.size();
    attributes.AttributesMask =
        WinIoCtl.DISK_ATTRIBUTE_OFFLINE | (writable ? WinIoCtl.DISK_ATTRIBUTE_READ_ONLY : 0);
    disk.control("set disk attributes", WinIoCtl.IOCTL_DISK_SET_DISK_ATTRIBUTES, attributes);
  }

  /** Gives an empty disk its table; the volume appears a moment later. */
  public void create(PhysicalDisk disk) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, disk.path(), READ_WRITE)) {
      online(handle, true);
      UUID diskId = UUID.randomUUID();
      var table = new CREATE_DISK();
      table.PartitionStyle = WinIoCtl.PARTITION_STYLE_GPT;
      table.Gpt.DiskId.set(diskId);
      table.Gpt.MaxPartitionCount = MOST_PARTITIONS;
      handle.control("create partition table", WinIoCtl.IOCTL_DISK_CREATE_DISK, table);
      handle.control("update disk", WinIoCtl.IOCTL_DISK_UPDATE_PROPERTIES);
      DRIVE_LAYOUT_INFORMATION_EX layout = layout(diskId, length(handle));
      handle.control("partition", WinIoCtl.IOCTL_DISK_SET_DRIVE_LAYOUT_EX, layout);
      handle.control("update disk", WinIoCtl.IOCTL_DISK_UPDATE_PROPERTIES);
    }
  }

  private static DRIVE_LAYOUT_INFORMATION_EX layout(UUID diskId, long diskLength) {
    var layout = new DRIVE_LAYOUT_INFORMATION_EX();
    layout.PartitionStyle = WinIoCtl.PARTITION_STYLE_GPT;
    layout.PartitionCount = 1;
    layout.Gpt.DiskId.set(diskId);
    layout.Gpt.StartingUsableOffset = ALIGNMENT;
    layout.Gpt.UsableLength = end(diskLength) - ALIGNMENT;
    layout.Gpt.MaxPartitionCount = MOST_PARTITIONS;
    PARTITION_INFORMATION_EX partition = layout.PartitionEntry[0];
    partition.PartitionStyle = WinIoCtl.PARTITION_STYLE_GPT;
    partition.StartingOffset = ALIGNMENT;
    partition.PartitionLength = end(diskLength) - ALIGNMENT;
    partition.PartitionNumber = 1;
    partition.RewritePartition = 1;
    partition.Gpt.PartitionType.set(WinIoCtl.PARTITION_BASIC_DATA_GUID);
    partition.Gpt.PartitionId.set(UUID.randomUUID());
    partition.Gpt.Attributes = WinIoCtl.GPT_BASIC_DATA_ATTRIBUTE_NO_DRIVE_LETTER;
    return layout;
  }

  /** Where a partition ends that takes all it can. */
  private static long end(long diskLength) {
    return (diskLength - TABLE_COPY) / ALIGNMENT * ALIGNMENT;
  }

  /** Lets the partition take what a disk has grown by; nothing to take is no error. */
  void grow(PhysicalDisk disk, long partitionEnd) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, disk.path(), READ_WRITE)) {
      handle.control(
          "update disk size", WinIoCtl.IOCTL_DISK_UPDATE_DRIVE_SIZE, null, 0, new DISK_GEOMETRY());
      long more = end(length(handle)) - partitionEnd;
      if (more > 0) {
        var growth = new DISK_GROW_PARTITION();
        growth.PartitionNumber = 1;
        growth.BytesToGrow = more;
        handle.control("grow partition", WinIoCtl.IOCTL_DISK_GROW_PARTITION, growth);
      }
    }
  }

  static long length(Handle diskOrVolume) throws Win32Exception {
    var length = new GET_LENGTH_INFORMATION();
    diskOrVolume.control("get length", WinIoCtl.IOCTL_DISK_GET_LENGTH_INFO, null, 0, length);
    return length.Length;
  }
}
