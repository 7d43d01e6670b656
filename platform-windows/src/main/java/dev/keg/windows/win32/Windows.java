package dev.keg.windows.win32;

import dev.keg.windows.win32.dll.NtDll;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The entry to the seam. It loads JNA and the Windows libraries on first use.
 *
 * @param debug receives notes for debugging
 */
public record Windows(Dlls dlls, Consumer<String> debug) {
  public Windows(Dlls dlls) {
    this(dlls, _ -> {});
  }

  /**
   * An id that changes with each boot: the time of the boot. Windows shifts that time when the
   * clock is set and reports the shift as a bias, so the difference stays the same.
   */
  public String bootId() throws Win32Exception {
    var times = new NtDll.SYSTEM_TIMEOFDAY_INFORMATION();
    int status =
        dlls.ntDll()
            .NtQuerySystemInformation(NtDll.SystemTimeOfDayInformation, times, times.size(), null);
    if (status != Win32Error.SUCCESS) {
      throw new Win32Exception("NtQuerySystemInformation", "the time of the boot", status);
    }
    return Long.toHexString(times.BootTime - times.BootTimeBias);
  }

  /**
   * Tells the disk of a volume which blocks its file system does not use, as {@code defrag} does
   * automatically from time to time. Returns false if the file system or the disk does not support
   * it, or the volume is locked.
   *
   * @param directory where the volume is mounted
   */
  public boolean trim(Path directory) throws Win32Exception {
    int exit = dlls.tools().run("defrag.exe", directory.toString(), "/L");
    if (exit != Win32Error.SUCCESS) {
      debug.accept("defrag could not trim %s: exit status 0x%x".formatted(directory, exit));
    }
    return exit == Win32Error.SUCCESS;
  }

  public VirtualDisks disks() {
    return new VirtualDisks(dlls);
  }

  public DiskPartitions partitions() {
    return new DiskPartitions(dlls);
  }

  public DiskVolumes volumes() {
    return new DiskVolumes(dlls, debug);
  }

  public MountPoints mountPoints() {
    return new MountPoints(dlls);
  }

  public BindLinks bindLinks() {
    return new BindLinks(dlls);
  }

  public SmbMappings shares() {
    return new SmbMappings(dlls);
  }

  public ComputeSystems systems() {
    return new ComputeSystems(dlls);
  }

  public BitLocker bitLocker() {
    return new BitLocker(dlls);
  }

  public FileSecurity security() {
    return new FileSecurity(dlls);
  }
}
