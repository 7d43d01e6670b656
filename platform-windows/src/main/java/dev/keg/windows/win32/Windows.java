package dev.keg.windows.win32;

/** The Windows that this runs on. Nothing of it, nor of JNA, is loaded before it is used. */
public record Windows(Dlls dlls) {
  public VirtualDisks disks() {
    return new VirtualDisks(dlls);
  }

  public DiskPartitions partitions() {
    return new DiskPartitions(dlls);
  }

  public DiskVolumes volumes() {
    return new DiskVolumes(dlls);
  }

  public SmbMappings shares() {
    return new SmbMappings(dlls);
  }

  public ComputeSystems systems() {
    return new ComputeSystems(dlls);
  }

  public FileSecurity security() {
    return new FileSecurity(dlls);
  }
}
