package dev.keg.windows.win32;

import com.sun.jna.Memory;
import dev.keg.activity.Counters;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.WinIoCtl;
import dev.keg.windows.win32.dll.WinIoCtl.CREATE_DISK;
import dev.keg.windows.win32.dll.WinIoCtl.DISK_GEOMETRY;
import dev.keg.windows.win32.dll.WinIoCtl.DISK_GEOMETRY_EX;
import dev.keg.windows.win32.dll.WinIoCtl.DISK_GROW_PARTITION;
import dev.keg.windows.win32.dll.WinIoCtl.DISK_PERFORMANCE;
import dev.keg.windows.win32.dll.WinIoCtl.DRIVE_LAYOUT_INFORMATION_EX;
import dev.keg.windows.win32.dll.WinIoCtl.GET_LENGTH_INFORMATION;
import dev.keg.windows.win32.dll.WinIoCtl.PARTITION_INFORMATION_EX;
import dev.keg.windows.win32.dll.WinIoCtl.SET_DISK_ATTRIBUTES;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The partition table of an attached disk, and the disk's counters. Keg creates one basic data
 * partition that fills the disk; an adopted disk may have more partitions.
 */
public final class DiskPartitions {
  private static final int READ_WRITE = Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE;
  private static final long ALIGNMENT = 1L << 20;
  private static final int MOST_PARTITIONS = 128;
  private static final long UNITS_A_MILLISECOND = 10_000;

  /**
   * The size of the table's entries. Their copy at the end of the disk is followed by a header of
   * one sector.
   */
  private static final long TABLE_ENTRIES = 128 * MOST_PARTITIONS;

  /** The partition types of NTFS, exFAT, FAT32 and FAT16 in a master boot record. */
  private static final Set<Integer> MBR_DATA = Set.of(0x07, 0x0B, 0x0C, 0x06, 0x0E);

  // Offsets in a DRIVE_LAYOUT_INFORMATION_EX with many entries.
  private static final int PARTITION_COUNT = 4;
  private static final int FIRST_PARTITION = 48;
  private static final int PARTITION = 144;

  private final Dlls dlls;

  public DiskPartitions(Dlls dlls) {
    this.dlls = dlls;
  }

  /** Brings a disk online. The SAN policy of a server may leave new disks offline. */
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

  /** Partitions an empty disk. The volume appears a moment later. */
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
      DRIVE_LAYOUT_INFORMATION_EX layout = layout(diskId, end(handle));
      handle.control("partition", WinIoCtl.IOCTL_DISK_SET_DRIVE_LAYOUT_EX, layout);
      handle.control("update disk", WinIoCtl.IOCTL_DISK_UPDATE_PROPERTIES);
    }
  }

  private static DRIVE_LAYOUT_INFORMATION_EX layout(UUID diskId, long end) {
    var layout = new DRIVE_LAYOUT_INFORMATION_EX();
    layout.PartitionStyle = WinIoCtl.PARTITION_STYLE_GPT;
    layout.PartitionCount = 1;
    layout.Gpt.DiskId.set(diskId);
    layout.Gpt.StartingUsableOffset = ALIGNMENT;
    layout.Gpt.UsableLength = end - ALIGNMENT;
    layout.Gpt.MaxPartitionCount = MOST_PARTITIONS;
    PARTITION_INFORMATION_EX partition = layout.PartitionEntry[0];
    partition.PartitionStyle = WinIoCtl.PARTITION_STYLE_GPT;
    partition.StartingOffset = ALIGNMENT;
    partition.PartitionLength = end - ALIGNMENT;
    partition.PartitionNumber = 1;
    partition.RewritePartition = 1;
    partition.Gpt.PartitionType.set(WinIoCtl.PARTITION_BASIC_DATA_GUID);
    partition.Gpt.PartitionId.set(UUID.randomUUID());
    partition.Gpt.Attributes = WinIoCtl.GPT_BASIC_DATA_ATTRIBUTE_NO_DRIVE_LETTER;
    return layout;
  }

  /** The end of a partition that fills the disk. */
  private static long end(Handle disk) throws Win32Exception {
    return (length(disk) - sectorSize(disk) - TABLE_ENTRIES) / ALIGNMENT * ALIGNMENT;
  }

  /** A partition and its number in Windows. */
  record Partition(int number, long start, long length, boolean isData) {
    long end() {
      return start + length;
    }
  }

  /** The largest basic data partition. Windows reserves smaller ones for itself. */
  Optional<Partition> data(PhysicalDisk disk) throws Win32Exception {
    return all(disk).stream()
        .filter(Partition::isData)
        .max(Comparator.comparingLong(Partition::length));
  }

  /** The next partition on the disk, which prevents this one from growing. */
  Optional<Partition> behind(PhysicalDisk disk, Partition partition) throws Win32Exception {
    return all(disk).stream()
        .filter(other -> other.start() > partition.start())
        .min(Comparator.comparingLong(Partition::start));
  }

  private List<Partition> all(PhysicalDisk disk) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, disk.path(), READ_WRITE)) {
      Memory layout =
          handle.read(
              "read partitions",
              WinIoCtl.IOCTL_DISK_GET_DRIVE_LAYOUT_EX,
              FIRST_PARTITION + MOST_PARTITIONS * PARTITION);
      return IntStream.range(0, layout.getInt(PARTITION_COUNT))
          .mapToObj(i -> layout.share(FIRST_PARTITION + (long) i * PARTITION))
          .map(PARTITION_INFORMATION_EX::at)
          .filter(entry -> entry.PartitionLength > 0)
          .map(
              entry ->
                  new Partition(
                      entry.PartitionNumber,
                      entry.StartingOffset,
                      entry.PartitionLength,
                      isData(entry)))
          .toList();
    }
  }

  private static boolean isData(PARTITION_INFORMATION_EX partition) {
    return switch (partition.PartitionStyle) {
      case WinIoCtl.PARTITION_STYLE_GPT ->
          partition.Gpt.PartitionType.value().equals(WinIoCtl.PARTITION_BASIC_DATA_GUID);
      case WinIoCtl.PARTITION_STYLE_MBR ->
          MBR_DATA.contains(partition.Gpt.PartitionType.Data1 & 0xFF);
      default -> false;
    };
  }

  /** Extends a partition to the end of its disk. Does nothing if it already ends there. */
  void grow(PhysicalDisk disk, Partition partition) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, disk.path(), READ_WRITE)) {
      handle.control(
          "update disk size", WinIoCtl.IOCTL_DISK_UPDATE_DRIVE_SIZE, null, 0, new DISK_GEOMETRY());
      long more = end(handle) - partition.end();
      if (more > 0) {
        var growth = new DISK_GROW_PARTITION();
        growth.PartitionNumber = partition.number();
        growth.BytesToGrow = more;
        handle.control(
            "grow partition " + partition.number() + " of",
            WinIoCtl.IOCTL_DISK_GROW_PARTITION,
            growth);
      }
    }
  }

  /** The disk's activity since Windows began to count. */
  public Counters counters(PhysicalDisk disk) throws Win32Exception {
    var done = new DISK_PERFORMANCE();
    try (Handle handle = Handle.open(dlls, disk.path(), 0)) {
      handle.control("count", WinIoCtl.IOCTL_DISK_PERFORMANCE, null, 0, done);
    }
    return new Counters(
        Integer.toUnsignedLong(done.ReadCount),
        done.BytesRead,
        Integer.toUnsignedLong(done.WriteCount),
        done.BytesWritten,
        OptionalLong.of((done.QueryTime - done.IdleTime) / UNITS_A_MILLISECOND),
        OptionalLong.of((done.ReadTime + done.WriteTime) / UNITS_A_MILLISECOND));
  }

  /** The size of a sector in bytes: 512 or 4096. */
  static int sectorSize(Handle diskOrVolume) throws Win32Exception {
    var geometry = new DISK_GEOMETRY_EX();
    diskOrVolume.control(
        "get geometry", WinIoCtl.IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, null, 0, geometry);
    return geometry.Geometry.BytesPerSector;
  }

  static long length(Handle diskOrVolume) throws Win32Exception {
    var length = new GET_LENGTH_INFORMATION();
    diskOrVolume.control("get length", WinIoCtl.IOCTL_DISK_GET_LENGTH_INFO, null, 0, length);
    return length.Length;
  }
}
