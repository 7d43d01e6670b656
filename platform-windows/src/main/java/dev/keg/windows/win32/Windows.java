package dev.keg.windows.win32;

import java.util.function.Consumer;

/**
 * The Windows that this runs on. Nothing of it, nor of JNA, is loaded before it is used.
 *
 * @param debug hears what only somebody who looks for a fault wants to know
 */
public record Windows(Dlls dlls, Consumer<String> debug) {
  public Windows(Dlls dlls) {
    this(dlls, _ -> {});
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
