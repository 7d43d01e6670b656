package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.ptr.LongByReference;
import dev.keg.volume.Size;
import dev.keg.windows.win32.DiskPartitions.Partition;
import dev.keg.windows.win32.dll.Fmifs;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.WinIoCtl;
import dev.keg.windows.win32.dll.WinIoCtl.DISK_EXTENT;
import dev.keg.windows.win32.dll.WinIoCtl.FSCTL_SET_INTEGRITY_INFORMATION_BUFFER;
import dev.keg.windows.win32.dll.WinIoCtl.VOLUME_DISK_EXTENTS;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Finds, formats, locks and extends volumes. */
public final class DiskVolumes {
  private static final int READ_WRITE = Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE;
  private static final int NAME_LENGTH = 64;

  /** The file systems that Windows can extend. */
  private static final Set<String> GROWING = Set.of("NTFS", "ReFS");

  /** Plug and Play creates a volume some time after its disk. */
  private static final int PATIENCE_MS = 10_000;

  /** How long an unmount waits for open files. */
  private static final int LOCK_PATIENCE_MS = 5_000;

  private static final int PAUSE_MS = 100;

  private final Dlls dlls;
  private final Consumer<String> debug;

  /** Creates the seam; {@code debug} receives the volumes that a search skipped. */
  public DiskVolumes(Dlls dlls, Consumer<String> debug) {
    this.dlls = dlls;
    this.debug = debug;
  }

  /** A flushed volume that nobody else can use until this is closed. */
  public interface Locked extends AutoCloseable {
    @Override
    void close();
  }

  /** The volume of a disk's data partition. Waits until it appears. */
  public VolumeGuidPath await(PhysicalDisk disk) throws Win32Exception {
    for (int waited = 0; ; waited += PAUSE_MS) {
      SearchResult search = search(disk);
      if (search.volume().isPresent()) {
        return search.volume().get();
      }
      if (waited >= PATIENCE_MS) {
        throw search
            .obstacle()
            .orElse(new Win32Exception("wait for the volume of", disk.path(), Win32Error.TIMEOUT));
      }
      dlls.kernel32().Sleep(PAUSE_MS);
    }
  }

  /** The volume of a disk's data partition, if it has appeared. */
  public Optional<VolumeGuidPath> find(PhysicalDisk disk) throws Win32Exception {
    SearchResult search = search(disk);
    if (search.volume().isEmpty() && search.obstacle().isPresent()) {
      throw search.obstacle().get();
    }
    return search.volume();
  }

  /**
   * The result of a search through all volumes.
   *
   * @param obstacle why another volume's location is unknown; that may be the wanted one
   */
  private record SearchResult(Optional<VolumeGuidPath> volume, Optional<Win32Exception> obstacle) {}

  private SearchResult search(PhysicalDisk disk) throws Win32Exception {
    Optional<Partition> data = new DiskPartitions(dlls).data(disk);
    if (data.isEmpty()) {
      return new SearchResult(
          Optional.empty(),
          Optional.of(
              new Win32Exception("find a data partition of", disk.path(), Win32Error.NOT_FOUND)));
    }
    Optional<Win32Exception> obstacle = Optional.empty();
    for (VolumeGuidPath volume : VolumeGuidPath.all(dlls)) {
      try {
        if (extent(volume).filter(extent -> lies(extent, disk, data.get())).isPresent()) {
          debug.accept("%s: the data is partition %d".formatted(disk.path(), data.get().number()));
          return new SearchResult(Optional.of(volume), Optional.empty());
        }
      } catch (Win32Exception e) {
        debug.accept("skipped a volume: " + e.what());
        obstacle = Optional.of(e);
      }
    }
    return new SearchResult(Optional.empty(), obstacle);
  }

  private static boolean lies(DISK_EXTENT extent, PhysicalDisk disk, Partition partition) {
    return extent.DiskNumber == disk.number() && extent.StartingOffset == partition.start();
  }

  /**
   * The location of a volume on its disk. Empty for a volume without a disk or on several disks,
   * which is not one of Keg's.
   */
  private Optional<DISK_EXTENT> extent(VolumeGuidPath volume) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, volume.device(), 0)) {
      var extents = new VOLUME_DISK_EXTENTS();
      handle.control(
          "get extents", WinIoCtl.IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, null, 0, extents);
      return Optional.of(extents.Extents[0]);
    } catch (Win32Exception e) {
      return switch (e.code()) {
        case Win32Error.FILE_NOT_FOUND,
            Win32Error.INVALID_FUNCTION,
            Win32Error.NOT_READY,
            Win32Error.MORE_DATA ->
            Optional.empty();
        default -> throw e;
      };
    }
  }

  /** Formats a volume and labels it with the name, as far as the file system allows. */
  public void format(VolumeGuidPath volume, VolumeFormat format, String name)
      throws Win32Exception {
    FormatOutcome outcome = new FormatOutcome();
    dlls.fmifs()
        .FormatEx(
            WideString.of(volume.path()),
            Fmifs.FMIFS_HARDDISK,
            WideString.of(format.windowsName()),
            WideString.of(format.label(name)),
            (byte) 1,
            0,
            outcome);
    outcome.check("format", volume.path());
  }

  /** Makes ReFS maintain checksums for the data of all new files. */
  public void protectFromRot(VolumeGuidPath volume) throws Win32Exception {
    var integrity = new FSCTL_SET_INTEGRITY_INFORMATION_BUFFER();
    integrity.ChecksumAlgorithm = WinIoCtl.CHECKSUM_TYPE_CRC64;
    try (Handle root = Handle.openDirectory(dlls, volume.path())) {
      root.control("set integrity", WinIoCtl.FSCTL_SET_INTEGRITY_INFORMATION, integrity);
    }
  }

  /** The disk that contains the volume; empty if it is on several disks, or none. */
  public Optional<PhysicalDisk> disk(VolumeGuidPath volume) throws Win32Exception {
    return extent(volume).map(extent -> new PhysicalDisk(extent.DiskNumber));
  }

  /**
   * Flushes and locks a volume. Programs that index or scan files keep them open briefly, so this
   * retries for some seconds before it fails.
   */
  public Locked lock(VolumeGuidPath volume) throws Win32Exception {
    return patiently(() -> lockOnce(volume));
  }

  /** The same, but closes all open files on the volume, including those opened meanwhile. */
  public Locked lockByForce(VolumeGuidPath volume) throws Win32Exception {
    return patiently(
        () -> {
          closeFiles(volume);
          return lockOnce(volume);
        });
  }

  private Locked lockOnce(VolumeGuidPath volume) throws Win32Exception {
    Handle handle = openFlushed(volume);
    try {
      handle.control("lock", WinIoCtl.FSCTL_LOCK_VOLUME);
      handle.control("dismount", WinIoCtl.FSCTL_DISMOUNT_VOLUME);
    } catch (Win32Exception e) {
      handle.close();
      throw e;
    }
    return handle::close;
  }

  /** Windows mounts the volume again when it is next used. */
  private void closeFiles(VolumeGuidPath volume) throws Win32Exception {
    try (Handle handle = openFlushed(volume)) {
      handle.control("dismount", WinIoCtl.FSCTL_DISMOUNT_VOLUME);
    }
  }

  private Handle openFlushed(VolumeGuidPath volume) throws Win32Exception {
    boolean writable = isWritable(volume);
    // Flushing requires write access, which a read-only disk refuses. It has nothing to flush.
    Handle handle =
        Handle.open(dlls, volume.device(), writable ? READ_WRITE : Kernel32.GENERIC_READ);
    try {
      if (writable) {
        handle.flush();
      }
    } catch (Win32Exception e) {
      handle.close();
      throw e;
    }
    return handle;
  }

  /** Whether the disk of the volume can be written to. */
  public boolean isWritable(VolumeGuidPath volume) throws Win32Exception {
    try (Handle handle = Handle.open(dlls, volume.device(), Kernel32.GENERIC_READ)) {
      handle.control("check for write access", WinIoCtl.IOCTL_DISK_IS_WRITABLE);
      return true;
    } catch (Win32Exception e) {
      if (e.code() == Win32Error.WRITE_PROTECT) {
        return false;
      }
      throw e;
    }
  }

  private interface Locking {
    Locked lock() throws Win32Exception;
  }

  private Locked patiently(Locking locking) throws Win32Exception {
    for (int waited = 0; ; waited += PAUSE_MS) {
      try {
        return locking.lock();
      } catch (Win32Exception e) {
        boolean busy = e.call().equals("lock") && e.code() == Win32Error.ACCESS_DENIED;
        if (!busy || waited >= LOCK_PATIENCE_MS) {
          throw e;
        }
      }
      dlls.kernel32().Sleep(PAUSE_MS);
    }
  }

  /**
   * The reason why the volume of a disk cannot grow, if there is one. Called before the disk is
   * changed.
   */
  public Optional<String> obstacleToGrowth(PhysicalDisk disk) throws Win32Exception {
    String fileSystem = fileSystem(await(disk));
    if (!GROWING.contains(fileSystem)) {
      return Optional.of("a %s file system cannot be extended".formatted(fileSystem));
    }
    DiskPartitions partitions = new DiskPartitions(dlls);
    Partition data = partitions.data(disk).orElseThrow();
    return partitions
        .behind(disk, data)
        .map(
            next ->
                "partition %d holds the data, and partition %d follows it"
                    .formatted(data.number(), next.number()));
  }

  /** Whether BitLocker blocks all access until the volume is unlocked. */
  public boolean isLocked(VolumeGuidPath volume) throws Win32Exception {
    try {
      String _ = fileSystem(volume);
      return false;
    } catch (Win32Exception e) {
      return switch (e.code()) {
        case Win32Error.FVE_E_LOCKED_VOLUME -> true;
        case Win32Error.UNRECOGNIZED_VOLUME -> false;
        default -> throw e;
      };
    }
  }

  /** The free space of the volume. */
  public Size room(VolumeGuidPath volume) throws Win32Exception {
    var free = new LongByReference();
    int done = dlls.kernel32().GetDiskFreeSpaceExW(WideString.of(volume.path()), free, null, null);
    if (done == 0) {
      throw new Win32Exception("GetDiskFreeSpaceEx", volume.path(), dlls.lastError());
    }
    return new Size(free.getValue());
  }

  private String fileSystem(VolumeGuidPath volume) throws Win32Exception {
    Memory fileSystem = WideString.allocate(NAME_LENGTH);
    int done =
        dlls.kernel32()
            .GetVolumeInformationW(
                WideString.of(volume.path()), null, 0, null, null, null, fileSystem, NAME_LENGTH);
    if (done == 0) {
      throw new Win32Exception("GetVolumeInformation", volume.path(), dlls.lastError());
    }
    return WideString.read(fileSystem);
  }

  /** Extends partition and file system to the size of the disk. Repeating this changes nothing. */
  public void grow(PhysicalDisk disk) throws Win32Exception {
    VolumeGuidPath volume = await(disk);
    DiskPartitions partitions = new DiskPartitions(dlls);
    partitions.grow(disk, partitions.data(disk).orElseThrow());
    try (Handle handle = Handle.open(dlls, volume.device(), READ_WRITE)) {
      Memory sectors = new Memory(Long.BYTES);
      sectors.setLong(0, DiskPartitions.length(handle) / DiskPartitions.sectorSize(handle));
      handle.control("extend", WinIoCtl.FSCTL_EXTEND_VOLUME, sectors, Long.BYTES, null);
    }
  }
}
